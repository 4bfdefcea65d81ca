import {
  createPostgresBackend,
  type Job,
  PostgresConnection,
  type PostgresConnectionOptions,
  withBackend,
} from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { JOB_OPTIONS, JobQueue, type NewJob, QUEUE, WORKER_OPTIONS } from './job-queue.js';

const { Queue, Worker } = withBackend(createPostgresBackend);
const SCHEMA = 'bullmq';
const POOL_SIZE = 4;
/** In ms. No query of the queue takes long; on a connection that is lost it would wait for ever, and stopping with it. */
const QUERY_TIMEOUT = 5_000;
const OPEN_AGAIN = 1_000;

/** A queue and its worker over the same pool. */
interface Opened {
  readonly queue: InstanceType<typeof Queue>;
  readonly worker: InstanceType<typeof Worker>;
}

/** Jobs in the database that everything else is in. */
export class PostgresJobQueue extends JobQueue {
  #opened: Opened | undefined;
  #opening: Promise<void> | undefined;
  #isClosing = false;

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
    const create = (): Opened => {
      const queue = new Queue(QUEUE, { connection, defaultJobOptions: JOB_OPTIONS });
      const options = { connection, autorun: false, ...WORKER_OPTIONS };
      const worker = new Worker(QUEUE, (job) => work(job as unknown as Job), options);
      queue.on('error', onError);
      worker.on('error', onError);
      return { queue, worker };
    };
    this.#opening = this.#open(create, onError);
  }

  async addBulk(jobs: NewJob[]): Promise<unknown> {
    if (!this.#opened) throw new Error('The job queue is not open yet');
    return this.#opened.queue.addBulk(jobs);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#opening;
    await this.#opened?.worker.close();
    await this.#opened?.queue.close();
  }

  /**
   * BullMQ looks at its tables once and keeps what came of it for good: a worker whose first look fails asks again and
   * again without ever waiting, and nothing else in the process gets a turn. So a worker runs only once it is ready, and
   * one that does not become ready is replaced.
   */
  async #open(create: () => Opened, onError: (error: Error) => void): Promise<void> {
    while (!this.#isClosing) {
      const opened = create();
      // Both have to be waited for: what is closed while it is still becoming ready keeps a connection.
      const looks = await Promise.allSettled([opened.queue.waitUntilReady(), opened.worker.waitUntilReady()]);
      const failed = looks.find((look) => look.status === 'rejected');
      if (!failed) {
        this.#opened = opened;
        opened.worker.run().catch(onError);
        return;
      }
      onError(failed.reason instanceof Error ? failed.reason : new Error(String(failed.reason)));
      await Promise.allSettled([opened.worker.close(true), opened.queue.close()]);
      await sleep(OPEN_AGAIN);
    }
  }
}

/** Brings BullMQ's own tables up to date; it does so only over a connection it builds itself. */
export async function migrateJobs(connectionString: string): Promise<void> {
  const connection = new PostgresConnection({ connectionString, schema: SCHEMA, migrate: true, max: 2 });
  await connection.waitUntilReady();
  await connection.close();
}
