import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { EventEmitter } from 'node:events';
import { DataSource, type QueryRunner } from 'typeorm';
import pg from 'pg';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { Tx } from './tx.js';

/** A statement that is not answered is asked once more on a new connection; both together stay below five seconds. In ms. */
const CONNECT_TIMEOUT = 1_500;

/** The only way to a transaction: reads, ordinary writes, and the pools of the paths that need their own. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly #pools: pg.Pool[] = [];

  constructor(
    private readonly dataSource: DataSource,
    @Inject(Metrics) private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Runs `work` in one READ COMMITTED transaction; what it throws rolls everything back. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = await this.#acquire();
    const tx = new Tx(runner.manager);
    let result: T;
    try {
      await runner.startTransaction();
      result = await work(tx);
      await runner.commitTransaction();
    } catch (error) {
      // The first error is the one that tells; a rollback on a dead connection fails too.
      if (!(await discardIfStuck(runner, error))) await runner.rollbackTransaction().catch(() => undefined);
      await this.#runAftermath(tx, 'failed');
      throw error;
    } finally {
      await runner.release();
    }
    await this.#runAftermath(tx, 'committed');
    return result;
  }

  /** Runs statements with no transaction around them: reads, each in its own snapshot, or one that is a whole by itself. */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = await this.#acquire();
    try {
      return await work(new Tx(runner.manager));
    } catch (error) {
      await discardIfStuck(runner, error);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Runs reads that must agree with one another: all of them see the database as it is at the first. */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.read(async (tx) => {
      await tx.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      try {
        const result = await work(tx);
        await tx.query('COMMIT');
        return result;
      } catch (error) {
        // Asking a connection that does not answer once more would only double the wait.
        if (!isStuck(error)) await tx.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** A pool of its own for a path that must not wait behind ordinary work; closed with the application. */
  createPool(options: pg.PoolConfig): pg.Pool {
    const { url } = this.dataSource.options as { url: string };
    const pool = new pg.Pool({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      ...options,
    });
    pool.on('error', (error) => this.log.warn('database connection lost', { error: error.message }));
    this.#pools.push(pool);
    return pool;
  }

  async ping(): Promise<void> {
    await this.read((tx) => tx.query('SELECT 1'));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.end()));
    await this.dataSource.destroy();
  }

  async #acquire() {
    const runner = this.dataSource.createQueryRunner();
    const waited = this.metrics.poolWait.startTimer();
    try {
      await runner.connect();
      return runner;
    } catch (error) {
      await runner.release();
      throw error;
    } finally {
      waited();
    }
  }

  async #runAftermath(tx: Tx, outcome: 'committed' | 'failed'): Promise<void> {
    for (const action of tx.aftermath(outcome)) {
      try {
        await action();
      } catch (error) {
        // The outcome stands: whatever fails from here on must not tell the caller otherwise.
        this.log.error('an action after a transaction failed', {
          outcome,
          error: error instanceof Error ? error.stack : String(error),
        });
      }
    }
  }
}

/** What the driver says of a query that was given up on; the connection still waits for its answer. */
const NO_ANSWER = 'Query read timeout';
const isStuck = (error: unknown): error is Error => error instanceof Error && error.message === NO_ANSWER;

/**
 * Closes a connection that does not answer: given back to the pool it would hold up whoever got it next, and a rollback
 * would wait as long again. PostgreSQL rolls back by itself once it sees the end. Says whether it was so.
 */
async function discardIfStuck(runner: QueryRunner, error: unknown): Promise<boolean> {
  if (!isStuck(error)) return false;
  // The runner listens for errors of its connection and hands it back to the pool as broken.
  const connection = (await runner.connect()) as EventEmitter;
  connection.emit('error', error);
  return true;
}
