import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Parley } from '@parley/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { cast, PASSWORD } from './cast.js';
import { readHistory, type RunningServer, type ServerOptions, startServer } from './harness/index.js';

const running: RunningServer[] = [];
async function start(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer({ ...options, env: { LIMITS: 'off', LOG_LEVEL: 'info', ...options.env } });
  running.push(server);
  return server;
}
afterEach(async () => {
  for (const server of running.splice(0)) await server.cleanup();
});

const ready = async (url: string): Promise<number | null> =>
  (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => null))?.status ?? null;

async function postmasterOf({ dataDir }: RunningServer): Promise<number> {
  const file = await readFile(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8');
  return Number(file.split('\n')[0]);
}

describe('stopping', () => {
  it('says so to sockets, finishes what is in work, and ends by itself', async () => {
    const server = await start();
    const { alice, bob } = await cast(server.url, 'alice', 'bob');
    const chat = await alice.client.conversations.direct(bob.id);
    const sends = Array.from({ length: 100 }, (_, index) => alice.client.messages.post(chat.id, `late ${index}`));
    const outcomes = Promise.allSettled(sends);
    await bob.hears('new_message');
    const stopped = server.stop();
    expect((await bob.hears('server_draining')).reconnectInMs).toBeGreaterThanOrEqual(0);
    await stopped;
    expect(await server.exited).toBe(0);
    alice.client.disconnect();
    bob.client.disconnect();

    const again = await start({ dataDir: server.dataDir });
    const reader = new Parley({ url: again.url });
    await reader.auth.login({ login: bob.username, password: PASSWORD });
    const stored = new Set((await readHistory(reader, chat.id)).map(({ id }) => id));
    const acked = (await outcomes).flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []));
    expect(acked.length).toBeGreaterThan(0);
    expect(acked.filter((id) => !stored.has(id))).toEqual([]);
  });
});

describe('starting', () => {
  it('names the setting when the port is taken, and takes nothing down with it', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startServer({ port, readyTimeoutMs: 20_000 })).rejects.toThrow(/Port \d+ is taken. Set PORT/);
    squatter.close();
  });

  it('refuses a second server on the same data directory, and leaves the first alone', async () => {
    const first = await start();
    await expect(startServer({ dataDir: first.dataDir })).rejects.toThrow(/PARLEY_DATA_DIR/);
    expect(await ready(first.url)).toBe(200);
  });

  it.each([
    ['LIMITS', { NODE_ENV: 'production', LIMITS: 'off' }],
    ['JWT_SECRET', { NODE_ENV: 'production', LIMITS: 'on' }],
    ['PORT', { PORT: 'eighty' }],
    ['ACCESS_TOKEN_TTL', { ACCESS_TOKEN_TTL: '-1' }],
  ])('stops at once over a wrong %s and names it', async (name, env) => {
    await expect(startServer({ env, readyTimeoutMs: 20_000 })).rejects.toThrow(new RegExp(`${name}: `));
  });

  it('says which durability setting of PostgreSQL is off and does not run without it', async () => {
    const healthy = await start();
    const url = (await readFile(join(healthy.dataDir, 'postgres.url'), 'utf8')).trim();
    const lossy = `${url}?options=${encodeURIComponent('-c synchronous_commit=off')}`;
    await expect(startServer({ env: { DATABASE_URL: lossy } })).rejects.toThrow(/synchronous_commit/);
  });
});

describe('a server whose PostgreSQL is killed', () => {
  it('answers honestly meanwhile, and is back by itself with everything that was acknowledged', async () => {
    const server = await start();
    const { alice, bob } = await cast(server.url, 'alice', 'bob');
    const chat = await alice.client.conversations.direct(bob.id);
    const before = await alice.client.messages.send(chat.id, 'before');
    process.kill(await postmasterOf(server), 'SIGKILL');
    // Under one clientMessageId the SDK tries until it is stored: an error in between is no answer.
    const during = await alice.client.messages.send(chat.id, 'during');
    await expect.poll(() => ready(server.url), { timeout: 30_000 }).toBe(200);
    const history = await readHistory(bob.client, chat.id);
    expect(history.map(({ id }) => id)).toEqual([before.id, during.id]);
  });

  it('answers 503 within five seconds while PostgreSQL does not answer, and recovers when it does', async () => {
    const server = await start();
    const { alice, bob } = await cast(server.url, 'alice', 'bob');
    const chat = await alice.client.conversations.direct(bob.id);
    await alice.client.messages.post(chat.id, 'before');
    const postmaster = await postmasterOf(server);
    const backends = await childrenOf(postmaster);
    for (const pid of [postmaster, ...backends]) process.kill(pid, 'SIGSTOP');
    try {
      const started = performance.now();
      const refused = await Promise.allSettled([
        alice.client.messages.post(chat.id, 'during'),
        alice.client.messages.history(chat.id),
        alice.client.auth.login({ login: alice.username, password: PASSWORD }),
      ]);
      expect(refused.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'fulfilled'))).toEqual([
        'unavailable',
        'unavailable',
        'unavailable',
      ]);
      expect(performance.now() - started).toBeLessThan(5_500);
      expect(await ready(server.url)).toBe(503);
    } finally {
      for (const pid of [postmaster, ...backends]) process.kill(pid, 'SIGCONT');
    }
    await expect.poll(() => ready(server.url), { timeout: 30_000 }).toBe(200);
    await alice.client.messages.post(chat.id, 'after');
    const history = await readHistory(bob.client, chat.id);
    expect(history[0]?.content).toBe('before');
    expect(history.at(-1)?.content).toBe('after');
  });
});

describe('two servers on one PostgreSQL', () => {
  it('both honour a sign-out within five seconds, with no message bus between them', async () => {
    const first = await start();
    const url = (await readFile(join(first.dataDir, 'postgres.url'), 'utf8')).trim();
    const secret = (await readFile(join(first.dataDir, 'secrets/jwt'), 'utf8')).trim();
    const second = await start({ env: { DATABASE_URL: url, JWT_SECRET: secret } });
    const { alice } = await cast(first.url, 'alice');
    const elsewhere = new Parley({ url: second.url });
    await elsewhere.auth.login({ login: alice.username, password: PASSWORD, deviceName: 'elsewhere' });
    await elsewhere.connect();
    expect(await elsewhere.users.profile()).toMatchObject({ id: alice.id });
    const ended = new Promise((resolve) => elsewhere.on('state', resolve));
    const { items } = await alice.client.auth.sessions();
    const session = items.find(({ deviceName }) => deviceName === 'elsewhere');
    const started = performance.now();
    await alice.client.auth.endSession(session?.id ?? '');
    expect(await ended).toMatchObject({ state: 'disconnected' });
    await expect(elsewhere.users.profile()).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return list.trim().split(/\s+/).filter(Boolean).map(Number);
}
