import { createPostgresBackend, type PostgresConnectionOptions, withBackend } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const { Queue } = withBackend(createPostgresBackend);
const kinds = ['password_reset_requested'];

/** A relay of the test's own; `database` decides how its transactions end. */
const relayOver = (database: Pick<Database, 'transaction'>) =>
  new OutboxRelay(database as Database, app.app.get(Outbox), app.app.get(Metrics), app.app.get(Log));

const waiting = async () => (await app.sql('SELECT 1 FROM outbox')).length;
const linksOf = async (userId: string) =>
  (await app.sql('SELECT 1 FROM password_resets WHERE user_id = $1', [userId])).length;

describe('the outbox relay', () => {
  it('does a job once though it dies between the queue and the commit', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const database = app.app.get(Database);
    const pool = database.createPool({ max: 2, options: '-c search_path=bullmq' });
    const queue = new Queue('side-effects', { connection: pool as unknown as PostgresConnectionOptions });
    const own = app.app.get(OutboxRelay);
    await own.stop();

    await app.call('POST', '/auth/forgot', { email: alice.user.email });
    expect(await waiting()).toBe(1);
    const dying = relayOver({
      transaction: (work: (tx: Tx) => Promise<never>) =>
        database.transaction(async (tx) => {
          await work(tx);
          throw new Error('the process dies here');
        }),
    });
    dying.start({ kinds, queue });
    await app.mailTo(alice.user.email);
    await dying.stop();
    expect(await waiting()).toBe(1);
    expect(await linksOf(alice.id)).toBe(1);

    const next = relayOver(database);
    next.start({ kinds, queue });
    await app.until(async () => (await waiting()) === 0);
    await app.call('POST', '/auth/forgot', { email: bob.user.email });
    await app.mailTo(bob.user.email);
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed');
    expect(counts).toMatchObject({ waiting: 0, delayed: 0, failed: 0 });
    expect(await linksOf(alice.id)).toBe(1);
    await next.stop();
    await queue.close();
    own.start({ kinds, queue });
    await own.stop();
  });

  it('does not carry what was rolled back', async () => {
    const alice = await app.person('alice');
    const given: unknown[] = [];
    const relay = relayOver(app.app.get(Database));
    const outbox = app.app.get(Outbox);
    const payload = { tenantId: alice.id, email: alice.user.email };
    const attempt = app.app.get(Database).transaction(async (tx) => {
      await outbox.add(tx, 'password_reset_requested', payload);
      throw new Error('taken back');
    });
    await expect(attempt).rejects.toThrow('taken back');
    await app.app.get(Database).transaction((tx) => outbox.add(tx, 'password_reset_requested', payload));
    relay.start({ kinds, queue: { addBulk: (jobs) => Promise.resolve(given.push(...jobs)) } });
    await app.until(async () => given.length > 0);
    await relay.stop();
    expect(given).toEqual([expect.objectContaining({ name: 'password_reset_requested', data: payload })]);
  });

  it('keeps a row whose job the queue did not take, and carries it at the next look', async () => {
    const alice = await app.person('alice');
    const database = app.app.get(Database);
    const payload = { tenantId: alice.id, email: alice.user.email };
    await database.transaction((tx) => app.app.get(Outbox).add(tx, 'password_reset_requested', payload));
    let refusals = 1;
    const given: { data: unknown }[] = [];
    const relay = relayOver(database);
    relay.start({
      kinds,
      queue: {
        addBulk: (jobs) => {
          if (refusals > 0) return Promise.reject(new Error(`refused ${refusals--}`));
          given.push(...jobs);
          return Promise.resolve();
        },
      },
    });
    await app.until(async () => given.length > 0);
    await relay.stop();
    expect(given.map(({ data }) => data)).toEqual([payload]);
    expect(await waiting()).toBe(0);
  });

  it('settles what nobody handles', async () => {
    await app.sql(`INSERT INTO outbox (kind, payload) VALUES ('messages.appended', '{}')`);
    const given: unknown[] = [];
    const relay = relayOver(app.app.get(Database));
    relay.start({ kinds, queue: { addBulk: (jobs) => Promise.resolve(given.push(...jobs)) } });
    await app.until(async () => (await waiting()) === 0);
    await relay.stop();
    expect(given).toEqual([]);
  });
});
