import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  createPostgresBackend,
  PostgresConnection,
  type PostgresConnectionOptions,
  UnrecoverableError,
  withBackend,
} from 'bullmq';
import { Database } from '../database/database.js';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import type { JobHandler, JobKind } from './job-kinds.js';
import { OutboxRelay } from './outbox-relay.js';

const { Queue, Worker } = withBackend(createPostgresBackend);
const QUEUE = 'side-effects';
const SCHEMA = 'bullmq';
const POOL_SIZE = 4;
const ATTEMPTS = 8;
/** In ms. No query of the queue takes long; on a connection that is lost it would wait for ever, and stopping with it. */
const QUERY_TIMEOUT = 5_000;

/** Runs background work: one BullMQ queue fed by the outbox, retried with growing pauses, kept when it has failed for good. */
@Injectable()
export class Jobs implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #handlers = new Map<JobKind, JobHandler<JobKind>>();
  #queue: InstanceType<typeof Queue> | undefined;
  #worker: InstanceType<typeof Worker> | undefined;

  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Says who does a kind of work; each kind has exactly one handler. */
  handle<K extends JobKind>(kind: K, handler: JobHandler<K>): void {
    if (this.#handlers.has(kind)) throw new Error(`Two handlers for the job ${kind}`);
    this.#handlers.set(kind, handler as JobHandler<JobKind>);
  }

  async onApplicationBootstrap(): Promise<void> {
    const pool = this.database.createPool({
      max: POOL_SIZE,
      options: `-c search_path=${SCHEMA}`,
      query_timeout: QUERY_TIMEOUT,
    });
    // The types of the two libraries differ in what they say of a pool, not in what it does.
    const connection = pool as unknown as PostgresConnectionOptions;
    this.#queue = new Queue(QUEUE, {
      connection,
      defaultJobOptions: {
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
        // What is done is forgotten: its payload may be personal.
        removeOnComplete: true,
        removeOnFail: false,
      },
    });
    this.#worker = new Worker(QUEUE, (job) => this.#run(job.name, job.id ?? '', job.data), {
      connection,
      concurrency: 4,
    });
    const onError = (error: Error) => this.log.warn('job queue away', { error: error.message });
    this.#queue.on('error', onError);
    this.#worker.on('error', onError);
    this.relay.start({ kinds: [...this.#handlers.keys()], queue: this.#queue });
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
    await this.#worker?.close();
    await this.#queue?.close();
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

/** Brings BullMQ's own tables up to date; it does so only over a connection it builds itself. */
export async function migrateJobs(connectionString: string): Promise<void> {
  const connection = new PostgresConnection({ connectionString, schema: SCHEMA, migrate: true, max: 2 });
  await connection.waitUntilReady();
  await connection.close();
}
