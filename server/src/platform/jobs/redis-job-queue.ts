import { type Job, Queue, Worker } from 'bullmq';
import type { Redis as Client } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '../redis/redis.js';
import { JOB_OPTIONS, JobQueue, type NewJob, QUEUE, WORKER_OPTIONS } from './job-queue.js';

const PREFIX = 'parley:jobs';
/** In ms. The outbox holds its rows locked meanwhile. */
const ADD_TIMEOUT = 5_000;
/** How long closing waits for a Redis that does not answer, in ms. */
const CLOSE_TIMEOUT = 3_000;

/** Jobs in Redis, over a connection of their own: BullMQ waits on it, which nothing else may have to wait behind. */
export class RedisJobQueue extends JobQueue {
  readonly #client: Client;
  #queue: Queue | undefined;
  #worker: Worker | undefined;

  constructor(url: string) {
    super();
    this.#client = connectRedis(url, { maxRetriesPerRequest: null });
    // The queue and the worker tell of it, from their start on.
    this.#client.on('error', () => undefined);
  }

  start(work: (job: Job) => Promise<void>, onError: (error: Error) => void): void {
    const options = { connection: this.#client, prefix: PREFIX };
    this.#queue = new Queue(QUEUE, { ...options, defaultJobOptions: JOB_OPTIONS });
    this.#worker = new Worker(QUEUE, work, { ...options, ...WORKER_OPTIONS });
    this.#queue.on('error', onError);
    this.#worker.on('error', onError);
  }

  async addBulk(jobs: NewJob[]): Promise<unknown> {
    if (!this.#queue || this.#client.status !== 'ready') throw new Error('Redis is away');
    const late = sleep(ADD_TIMEOUT, undefined, { ref: false }).then(() => {
      throw new Error('Redis does not answer');
    });
    // What is given up on may be added all the same: it has the id under which it comes again.
    return Promise.race([this.#queue.addBulk(jobs), late]);
  }

  async close(): Promise<void> {
    const politely = Promise.all([this.#worker?.close(), this.#queue?.close()]);
    await Promise.race([politely, sleep(CLOSE_TIMEOUT, undefined, { ref: false })]);
    this.#client.disconnect();
  }
}
