import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { hasRedis, startRedis, type TestRedis } from '../testing/test-redis.js';

describe.skipIf(!hasRedis)('jobs on Redis (needs redis)', () => {
  let redis: TestRedis;
  let app: TestApp;
  beforeAll(async () => {
    redis = await startRedis();
    app = await startTestApp({ REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await app.close();
    await redis.stop();
  });
  const waiting = async () => (await app.sql('SELECT 1 FROM outbox')).length;

  it('are done, and leave nothing behind', async () => {
    const alice = await app.person('alice');
    await app.call('POST', '/auth/forgot', { email: alice.user.email });
    expect(await app.mailTo(alice.user.email)).toContain('#token');
    await app.until(async () => (await waiting()) === 0);
    // Nothing of it was given to the tables in PostgreSQL.
    expect(await app.sql('SELECT 1 FROM bullmq.job')).toEqual([]);
  });

  it.each([
    ['killed', () => redis.kill(), () => redis.restart()],
    ['frozen', async () => redis.freeze(), async () => redis.thaw()],
  ])('wait in the outbox while Redis is away and are done when it is back (%s)', async (_, away, back) => {
    const alice = await app.person('alice');
    await away();
    const { status } = await app.call('POST', '/auth/forgot', { email: alice.user.email });
    expect(status).toBe(202);
    expect(await waiting()).toBe(1);
    await back();
    expect(await app.mailTo(alice.user.email)).toContain('#token');
    await app.until(async () => (await waiting()) === 0);
  });

  it.each([
    ['killed', () => redis.kill(), () => redis.restart()],
    ['frozen', async () => redis.freeze(), async () => redis.thaw()],
  ])('do not keep a server from stopping while Redis is away (%s)', async (_, away, back) => {
    const other = await startTestApp({ REDIS_URL: redis.url });
    await away();
    const started = performance.now();
    await other.close();
    expect(performance.now() - started).toBeLessThan(10_000);
    await back();
  });
});
