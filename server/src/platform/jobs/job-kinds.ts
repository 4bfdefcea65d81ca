/** Every kind of background work and what its handler is given. Features add theirs by declaration merging. */
// oxlint-disable-next-line typescript/no-empty-interface -- filled by each feature's jobs
export interface JobPayloads {}
export type JobKind = keyof JobPayloads;

/** What a handler gets: `id` is stable over retries, so that doing the work twice can be told. */
export interface Job<K extends JobKind> {
  readonly id: string;
  readonly payload: JobPayloads[K];
}
export type JobHandler<K extends JobKind> = (job: Job<K>) => Promise<void>;
