import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../database/database.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { JobQueue } from './job-queue.js';
import { PostgresJobQueue } from './postgres-job-queue.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  // The application's own worker must not be the one to do what is asked for here.
  await app.app.get(JobQueue, { strict: false }).close();
});
afterAll(() => app.close());

describe('the job queue', () => {
  it('works jobs off though the database could not be reached when it began', async () => {
    const database = app.app.get(Database);
    let refusals = 3;
    const createPool = (options: pg.PoolConfig): pg.Pool => {
      const pool = database.createPool(options);
      const connect = pool.connect.bind(pool) as (...given: unknown[]) => unknown;
      // With a callback it is the pool itself that asks, for a query.
      const unlessRefused = (...given: unknown[]): unknown =>
        given.length === 0 && refusals-- > 0
          ? Promise.reject(new Error('timeout exceeded when trying to connect'))
          : connect(...given);
      return Object.assign(pool, { connect: unlessRefused as pg.Pool['connect'] });
    };
    const queue = new PostgresJobQueue({ createPool } as unknown as Database);
    const errors: string[] = [];
    const done = new Promise<string>((resolve) =>
      queue.start(
        async ({ name }) => resolve(name),
        ({ message }) => errors.push(message),
      ),
    );
    await expect(queue.addBulk([])).rejects.toThrow('not open yet');
    const job = { name: 'late', data: {}, opts: { jobId: 'late-1' } };
    await app.until(() => queue.addBulk([job]).then(Boolean, () => false));
    expect(await done).toBe('late');
    expect(errors).toContain('timeout exceeded when trying to connect');
    await queue.close();
  });
});
