import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UnrecoverableError } from 'bullmq';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import type { JobHandler, JobKind } from './job-kinds.js';
import { JobQueue } from './job-queue.js';
import { OutboxRelay } from './outbox-relay.js';

/** Runs background work: one BullMQ queue fed by the outbox, retried with growing pauses, kept when it has failed for good. */
@Injectable()
export class Jobs implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #handlers = new Map<JobKind, JobHandler<JobKind>>();

  constructor(
    private readonly queue: JobQueue,
    private readonly relay: OutboxRelay,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Says who does a kind of work; each kind has exactly one handler. */
  handle<K extends JobKind>(kind: K, handler: JobHandler<K>): void {
    if (this.#handlers.has(kind)) throw new Error(`Two handlers for the job ${kind}`);
    this.#handlers.set(kind, handler as JobHandler<JobKind>);
  }

  onApplicationBootstrap(): void {
    this.queue.start(
      (job) => this.#run(job.name, job.id ?? '', job.data),
      (error) => this.log.warn('job queue away', { error: error.message }),
    );
    this.relay.start({ kinds: [...this.#handlers.keys()], queue: this.queue });
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
    await this.queue.close();
  }

  async #run(name: string, id: string, payload: unknown): Promise<void> {
    const handler = this.#handlers.get(name as JobKind);
    if (!handler) throw new UnrecoverableError(`No handler for the job ${name}`);
    const started = performance.now();
    try {
      await handler({ id, payload: payload as never });
      this.metrics.jobs.inc({ name, outcome: 'done' });
      this.log.info('job done', { job: name, id, ms: Math.round(performance.now() - started) });
    } catch (error) {
      this.metrics.jobs.inc({ name, outcome: 'failed' });
      this.log.warn('job failed', { job: name, id, error: kindOf(error) });
      throw error;
    }
  }
}

/** What may be logged of a failure: a mail server's message, for one, quotes the address it refuses. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
