import { randomUUID } from 'node:crypto';
import type { Conversation, Message, MessagePage, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Log } from '../logging/log.js';
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.js';
import { type Answer, PASSWORD, type Person, startTestApp, type TestApp } from '../testing/test-app.js';

/** In ms. What is promised, and a little for a busy machine. */
const PROMISED = 5_000;

let app: TestApp;
let link: TcpProxy;
let alice: Person;
let chat: string;
beforeAll(async () => {
  app = await startTestApp({}, async (databaseUrl) => {
    const url = new URL(databaseUrl);
    link = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${link.port}`;
    return url.href;
  });
  // Hundreds of failures are what this is about.
  vi.spyOn(app.app.get(Log), 'error').mockReturnValue();
  alice = await app.person('alice');
  const input = { type: 'group', name: 'Room', participantIds: [] };
  chat = (await alice.call<Conversation>('POST', '/conversations', input)).body.id;
});
afterAll(async () => {
  await app.close();
  await link.close();
});

const send = (clientMessageId: string) =>
  alice.call<Message & Problem>('POST', '/messages', { conversationId: chat, clientMessageId, content: 'x' });
const recovered = () => app.until(async () => (await app.call('GET', '/health/ready')).status === 200);

async function timed<T>(act: () => Promise<Answer<T>>): Promise<Answer<T> & { ms: number }> {
  const started = performance.now();
  const answer = await act();
  return { ...answer, ms: performance.now() - started };
}

const acts: [string, () => Promise<Answer<Problem>>][] = [
  ['a send', () => send(randomUUID())],
  ['a new group', () => alice.call('POST', '/conversations', { type: 'group', name: 'x', participantIds: [] })],
  ['a list', () => alice.call('GET', '/conversations')],
  ['a history', () => alice.call('GET', `/messages/${chat}`)],
  ['a login', () => app.call('POST', '/auth/login', { login: alice.user.username, password: PASSWORD })],
  ['a refresh', () => app.call('POST', '/auth/refresh', { refreshToken: alice.refreshToken })],
  ['a reset link', () => app.call('POST', '/auth/forgot', { email: alice.user.email })],
  ['being ready', () => app.call('GET', '/health/ready')],
];

describe.each([
  ['has gone', () => link.cut()],
  ['no longer answers', () => Promise.resolve(link.freeze())],
])('while PostgreSQL %s', (_, lose) => {
  const kept: string[] = [];
  let answers: Map<string, Answer<Problem> & { ms: number }>;
  beforeAll(async () => {
    const first = randomUUID();
    const { status } = await send(first);
    if (status === 201) kept.push(first);
    // Signed in just before: what follows is not answered by the check of the session alone.
    await alice.call('GET', '/users/profile');
    await lose();
    answers = new Map(await Promise.all(acts.map(async ([name, act]) => [name, await timed(act)] as const)));
  });

  it.each(acts)('%s is a 503 within five seconds', (name) => {
    const answer = answers.get(name);
    expect([answer?.status, answer?.body.code]).toEqual([503, 'unavailable']);
    expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer?.ms).toBeLessThan(PROMISED);
  });

  it('all of many requests at once are a 503 within five seconds', async () => {
    const many = Array.from(
      { length: 60 },
      (_item, index) => acts[index % acts.length]?.[1] ?? (() => send(randomUUID())),
    );
    const flood = await Promise.all(many.map((act) => timed(act)));
    expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([503]));
    expect(Math.max(...flood.map(({ ms }) => ms))).toBeLessThan(PROMISED);
  });

  it('the process lives', async () => {
    expect((await app.call('GET', '/health/live')).status).toBe(200);
  });

  it('nothing acknowledged is lost, and all goes on once it is back', async () => {
    await link.mend();
    const started = performance.now();
    await recovered();
    expect(kept).toHaveLength(1);
    const next = randomUUID();
    kept.push(next);
    await app.until(async () => (await send(next)).status < 500);
    expect(performance.now() - started).toBeLessThan(30_000);
    // No connection that was lost waits in the pool for its next victim.
    const many = Array.from({ length: 30 }, () => timed(() => alice.call('GET', `/messages/${chat}`)));
    const pages = await Promise.all(many);
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
    expect(Math.max(...pages.map(({ ms }) => ms))).toBeLessThan(2_000);
    const { body } = await alice.call<MessagePage>('GET', `/messages/${chat}?limit=100`);
    expect(body.items.map(({ seq }) => seq)).toEqual(body.items.map((_item, index) => index + 1));
    const stored = body.items.map(({ clientMessageId }) => clientMessageId);
    for (const key of kept) expect(stored.filter((id) => id === key)).toHaveLength(1);
  });

  it('jobs go on once it is back', async () => {
    const bob = await app.person('bob');
    const started = performance.now();
    expect((await app.call('POST', '/auth/forgot', { email: bob.user.email })).status).toBe(202);
    await app.mailTo(bob.user.email);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
