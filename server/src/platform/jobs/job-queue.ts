import type { Job } from 'bullmq';

/** The one queue of side effects. */
export const QUEUE = 'side-effects';
export const WORKER_OPTIONS = { concurrency: 4 };
export const JOB_OPTIONS = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  // What is done is forgotten: its payload may be personal.
  removeOnComplete: true,
  removeOnFail: false,
};

/** A job as the outbox hands it over. */
export interface NewJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: { readonly jobId: string };
}

/** Where BullMQ keeps its jobs. */
export abstract class JobQueue {
  /** Begins to work jobs off; `onError` hears when the place they are kept in is away. */
  abstract start(work: (job: Job) => Promise<void>, onError: (error: Error) => void): void;
  /** Takes jobs over; throws when it cannot be sure that it has. */
  abstract addBulk(jobs: NewJob[]): Promise<unknown>;
  /** Finishes the jobs in work and closes its connections. */
  abstract close(): Promise<void>;
}
