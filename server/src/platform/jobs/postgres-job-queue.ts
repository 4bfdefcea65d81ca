import {
  createPostgresBackend,
  type Job,
  PostgresConnection,
  type PostgresConnectionOptions,
  withBackend,
} from 'bullmq';
import type { Database } from '../database/database.js';
import { JOB_OPTIONS, JobQueue, type NewJob, QUEUE, WORKER_OPTIONS } from './job-queue.js';

const { Queue, Worker } = withBackend(createPostgresBackend);
const SCHEMA = 'bullmq';
const POOL_SIZE = 4;
/** In ms. No query of the queue takes long; on a connection that is lost it would wait for ever, and stopping with it. */
const QUERY_TIMEOUT = 5_000;

/** Jobs in the database that everything else is in. */
export class PostgresJobQueue extends JobQueue {
  #queue: InstanceType<typeof Queue> | undefined;
  #worker: InstanceType<typeof Worker> | undefined;

  constructor(private readonly database: Database) {
    super();
  }

  start(work: (job: Job) => Promise<void>, onError: (error: Error) => void): void {
    const pool = this.database.createPool({
      max: POOL_SIZE,
      options: `-c search_path=${SCHEMA}`,
      query_timeout: QUERY_TIMEOUT,
    });
    // The types of the two libraries differ in what they say of a pool, not in what it does.
    const connection = pool as unknown as PostgresConnectionOptions;
    this.#queue = new Queue(QUEUE, { connection, defaultJobOptions: JOB_OPTIONS });
    this.#worker = new Worker(QUEUE, (job) => work(job as unknown as Job), { connection, ...WORKER_OPTIONS });
    this.#queue.on('error', onError);
    this.#worker.on('error', onError);
  }

  async addBulk(jobs: NewJob[]): Promise<unknown> {
    return this.#queue?.addBulk(jobs);
  }

  async close(): Promise<void> {
    await this.#worker?.close();
    await this.#queue?.close();
  }
}

/** Brings BullMQ's own tables up to date; it does so only over a connection it builds itself. */
export async function migrateJobs(connectionString: string): Promise<void> {
  const connection = new PostgresConnection({ connectionString, schema: SCHEMA, migrate: true, max: 2 });
  await connection.waitUntilReady();
  await connection.close();
}
