import { randomUUID } from 'node:crypto';
import type { Conversation, Presence, SetStatus } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisLeases } from '../platform/leases/redis-leases.js';
import { Log } from '../platform/logging/log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { Redis } from '../platform/redis/redis.js';
import { startTcpProxy } from '../platform/testing/tcp-proxy.js';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { hasRedis, startRedis, type TestRedis } from '../platform/testing/test-redis.js';
import { connectSocket, type TestSocket } from '../platform/testing/test-socket.js';

const TIMING = { comeBackWithin: 1_500, noteSeenEvery: 300, presenceGather: 20 };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, undefined, TIMING);
});
afterAll(() => app.close());

const open: TestSocket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});
async function connect(person: Person, url = app.url): Promise<TestSocket> {
  const socket = await connectSocket(url, person.accessToken);
  open.push(socket);
  return socket;
}
const people = (...names: string[]) => Promise.all(names.map((name) => app.person(name)));
async function direct(one: Person, other: Person): Promise<void> {
  await one.call('POST', '/conversations', { type: 'direct', participantIds: [other.id] });
}
async function group(owner: Person, ...members: Person[]): Promise<string> {
  const input = { type: 'group', name: 'Room', participantIds: members.map(({ id }) => id) };
  return (await owner.call<Conversation>('POST', '/conversations', input)).body.id;
}
async function watch(socket: TestSocket, ...who: (Person | string)[]): Promise<Presence[]> {
  const userIds = who.map((person) => (typeof person === 'string' ? person : person.id));
  const answer = await socket.request('presence_subscribe', { userIds });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.data.items;
}
const heardOf = (socket: TestSocket, person: Person) =>
  socket.heard('presence').filter(({ userId }) => userId === person.id);
const becomes = (socket: TestSocket, person: Person, status: Presence['status']) =>
  socket.hears('presence', (presence) => presence.userId === person.id && presence.status === status);
const setStatus = (person: Person, status: SetStatus) => person.call('PUT', '/users/status', status);
const setPrivacy = (person: Person, lastSeen: string) =>
  person.call('PUT', '/users/profile', { privacy: { lastSeen } });
/** Alice on a socket that watches Bob, who is a contact of hers and not connected. */
async function scene(on = app) {
  const [alice, bob] = [await on.person('alice'), await on.person('bob')];
  await direct(alice, bob);
  const hers = await connect(alice, on.url);
  const [first] = await watch(hers, bob);
  return { alice, bob, hers, first };
}
/** As `scene`, with Bob connected and Alice told so. */
async function together() {
  const { alice, bob, hers } = await scene();
  const his = await connect(bob);
  await becomes(hers, bob, 'online');
  return { alice, bob, hers, his };
}
/** Waits for as long as it takes to tell that somebody has gone, by having somebody go. */
async function awayLongEnough(to: TestSocket, viewer: Person): Promise<void> {
  const clock = await app.person('clock');
  await direct(viewer, clock);
  await watch(to, clock);
  const theirs = await connect(clock);
  await becomes(to, clock, 'online');
  theirs.close();
  await becomes(to, clock, 'offline');
}

describe('presence', () => {
  it('is online from the first device to the last', async () => {
    const { bob, hers, first } = await scene();
    expect(first).toEqual({ userId: bob.id, status: 'offline', lastSeen: null });
    const [phone, desk] = [await connect(bob), await connect(bob)];
    expect(await becomes(hers, bob, 'online')).toEqual({ userId: bob.id, status: 'online', lastSeen: null });
    phone.close();
    await setStatus(bob, { status: 'busy' });
    await becomes(hers, bob, 'busy');
    desk.close();
    const gone = await becomes(hers, bob, 'offline');
    expect(Date.now() - Date.parse(gone.lastSeen ?? '')).toBeLessThan(10_000);
    expect(await watch(hers, bob)).toEqual([gone]);
    expect(heardOf(hers, bob).map(({ status }) => status)).toEqual(['online', 'busy', 'offline']);
  });

  it('does not tell of those who come back at once', async () => {
    const { alice, bob, hers, his } = await together();
    his.close();
    const back = await connect(bob);
    await awayLongEnough(hers, alice);
    expect(heardOf(hers, bob).map(({ status }) => status)).toEqual(['online']);
    back.close();
  });

  it('ends without a goodbye when a connection no longer answers', async () => {
    const impatient = await startTestApp({}, undefined, { ...TIMING, pingInterval: 1_000, pingTimeout: 1_000 });
    const { bob, hers } = await scene(impatient);
    const link = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(impatient.url).port) });
    await connect(bob, `http://127.0.0.1:${link.port}`);
    await becomes(hers, bob, 'online');
    link.freeze();
    expect(await becomes(hers, bob, 'offline')).toMatchObject({ userId: bob.id });
    await link.close();
    await impatient.close();
  });

  it('is what a person says of it, for as long as they said', async () => {
    const { bob, hers, his } = await together();
    const expiresAt = new Date(app.clock.now().getTime() + 3_600_000).toISOString();
    const status = { status: 'away', text: 'at lunch', expiresAt } as const;
    expect(await his.request('set_status', status)).toEqual({ ok: true, data: status });
    expect(await becomes(hers, bob, 'away')).toEqual({
      userId: bob.id,
      status: 'away',
      text: 'at lunch',
      lastSeen: null,
    });
    const before = heardOf(hers, bob).length;
    app.clock.advance(3_600_000);
    await app.until(async () => heardOf(hers, bob).length > before);
    expect(heardOf(hers, bob).at(-1)).toEqual({ userId: bob.id, status: 'online', lastSeen: null });
  });

  it('is asked for by at most 500 at once, and no longer told once unsubscribed', async () => {
    const { alice, bob, hers, his } = await together();
    const tooMany = Array.from({ length: 501 }, () => randomUUID());
    const refused = await hers.request('presence_subscribe', { userIds: tooMany });
    expect(refused).toMatchObject({ ok: false, error: { code: 'validation_failed' } });
    expect(await hers.request('presence_unsubscribe', { userIds: [bob.id] })).toEqual({ ok: true, data: {} });
    await his.request('set_status', { status: 'busy' });
    await awayLongEnough(hers, alice);
    expect(heardOf(hers, bob).map(({ status }) => status)).toEqual(['online']);
  });

  it('is written down while it lasts, so that a server that is killed forgets little', async () => {
    const { bob } = await together();
    const lastSeen = async () =>
      (await app.sql<{ at: Date }>('SELECT last_seen_at AS at FROM users WHERE id = $1', [bob.id]))[0]?.at;
    await app.until(async () => Boolean(await lastSeen()));
    const first = await lastSeen();
    await app.until(async () => (await lastSeen())?.getTime() !== first?.getTime());
    expect(Number(await lastSeen())).toBeGreaterThan(Number(first));
  });
});

describe('who is invisible', () => {
  it('looks as if they had gone when they became so, whatever they do', async () => {
    const { alice, bob, hers, his } = await together();
    await his.request('set_status', { status: 'invisible', text: 'a secret' });
    const gone = await becomes(hers, bob, 'offline');
    expect(gone).toEqual({ userId: bob.id, status: 'offline', lastSeen: expect.any(String) as string });
    app.clock.advance(600_000);
    await his.request('set_status', { status: 'invisible' });
    his.close();
    await awayLongEnough(hers, alice);
    const back = await connect(bob);
    await awayLongEnough(hers, alice);
    expect(await watch(hers, bob)).toEqual([gone]);
    expect(heardOf(hers, bob).map(({ status }) => status)).toEqual(['online', 'offline']);
    await back.request('set_status', { status: 'online' });
    await app.until(async () => heardOf(hers, bob).at(-1)?.status === 'online');
  });
});

describe('presence is kept from', () => {
  it('those who share no conversation, as if there were nobody', async () => {
    const [mallory, bob] = (await people('mallory', 'bob')) as [Person, Person];
    const his = await connect(mallory);
    const bobs = await connect(bob);
    const nobody = randomUUID();
    const offline = (userId: string): Presence => ({ userId, status: 'offline', lastSeen: null });
    expect(await watch(his, bob, nobody)).toEqual([offline(bob.id), offline(nobody)]);
    await bobs.request('set_status', { status: 'busy' });
    await awayLongEnough(his, mallory);
    expect(heardOf(his, bob)).toEqual([]);
  });

  it('those who no longer share one, both ways, and from nobody else', async () => {
    const [olga, max, nina] = (await people('olga', 'max', 'nina')) as [Person, Person, Person];
    const room = await group(olga, max, nina);
    await direct(max, nina);
    const [hers, his, ninas] = [await connect(olga), await connect(max), await connect(nina)];
    await watch(hers, max);
    await watch(his, olga, nina);
    await watch(ninas, max, olga);
    await olga.call('DELETE', `/conversations/${room}/participants/${max.id}`);
    for (const person of [olga, max, nina]) await setStatus(person, { status: 'busy' });
    await becomes(his, nina, 'busy');
    await becomes(ninas, max, 'busy');
    await becomes(ninas, olga, 'busy');
    await awayLongEnough(his, max);
    await awayLongEnough(hers, olga);
    expect(heardOf(his, olga).filter(({ status }) => status === 'busy')).toEqual([]);
    expect(heardOf(hers, max).filter(({ status }) => status === 'busy')).toEqual([]);
    expect(await watch(his, olga)).toMatchObject([{ status: 'offline', lastSeen: null }]);
  });
});

describe('the end of a group', () => {
  it('ends the presence of those who share no other', async () => {
    const [olga, max, nina] = (await people('olga', 'max', 'nina')) as [Person, Person, Person];
    const room = await group(olga, max, nina);
    await direct(olga, nina);
    const [hers, ninas] = [await connect(olga), await connect(nina)];
    await watch(hers, max, nina);
    expect((await olga.call('DELETE', `/conversations/${room}`)).status).toBe(204);
    const his = await connect(max);
    await his.request('set_status', { status: 'busy' });
    await ninas.request('set_status', { status: 'busy' });
    await becomes(hers, nina, 'busy');
    await awayLongEnough(hers, olga);
    expect(heardOf(hers, max)).toEqual([]);
  });
});

describe('when somebody was last seen', () => {
  /** Bob with a contact and with somebody who only shares a group, both of whom see him go. */
  async function circle(bobShows: string) {
    const [bob, contact, other] = (await people('bob', 'contact', 'other')) as [Person, Person, Person];
    await group(bob, contact, other);
    await direct(bob, contact);
    await setPrivacy(bob, bobShows);
    const [contacts, others] = [await connect(contact), await connect(other)];
    for (const socket of [contacts, others]) await watch(socket, bob);
    const leaves = async () => {
      const his = await connect(bob);
      for (const socket of [contacts, others]) {
        await app.until(async () => heardOf(socket, bob).at(-1)?.status === 'online');
      }
      his.close();
      const told = [];
      for (const socket of [contacts, others]) {
        await app.until(async () => heardOf(socket, bob).at(-1)?.status === 'offline');
        told.push(heardOf(socket, bob).at(-1)?.lastSeen);
      }
      const loaded = [(await watch(contacts, bob))[0]?.lastSeen, (await watch(others, bob))[0]?.lastSeen];
      expect(loaded).toEqual(told);
      return told.map((at) => at !== null);
    };
    return { bob, contact, other, contacts, others, leaves };
  }

  it.each([
    ['everyone', [true, true]],
    ['contacts', [true, false]],
    ['nobody', [false, false]],
  ])('is shown to %s, live as when loaded', async (audience, shown) => {
    const { leaves, contacts, bob } = await circle(audience);
    expect(await leaves()).toEqual(shown);
    // What he shows is told as well, at some time after he has chosen it: the same status once more.
    const statuses = heardOf(contacts, bob).map(({ status }) => status);
    const turns = statuses.filter((status, index) => status !== statuses[index - 1]);
    expect(turns.slice(turns.indexOf('online'))).toEqual(['online', 'offline']);
  });

  it('is not shown to whoever shows it to nobody, from the moment they do', async () => {
    const { leaves, contact } = await circle('everyone');
    expect(await leaves()).toEqual([true, true]);
    await setPrivacy(contact, 'nobody');
    expect(await leaves()).toEqual([false, true]);
  });

  it('is taken back from those who were told', async () => {
    const { leaves, bob, contacts, others } = await circle('everyone');
    await leaves();
    await setPrivacy(bob, 'contacts');
    await app.until(async () => heardOf(others, bob).at(-1)?.lastSeen === null);
    expect(heardOf(contacts, bob).at(-1)?.lastSeen).not.toBeNull();
  });
});

describe.skipIf(!hasRedis)('presence on two nodes (needs redis)', () => {
  let redis: TestRedis;
  let first: TestApp;
  let second: TestApp;
  beforeAll(async () => {
    redis = await startRedis();
    first = await startTestApp({ REDIS_URL: redis.url }, undefined, TIMING);
    second = await startTestApp({ REDIS_URL: redis.url }, () => first.databaseUrl, TIMING);
  });
  afterAll(async () => {
    await second?.close();
    await first?.close();
    await redis?.stop();
  });

  it('is online from the first device to the last, whichever node they are connected to', async () => {
    const { bob, hers } = await scene(first);
    const [phone, desk] = [await connect(bob, first.url), await connect(bob, second.url)];
    await becomes(hers, bob, 'online');
    phone.close();
    await desk.request('set_status', { status: 'busy' });
    await becomes(hers, bob, 'busy');
    // From one node to the other.
    const again = await connect(bob, first.url);
    desk.close();
    await again.request('set_status', { status: 'away' });
    await becomes(hers, bob, 'away');
    again.close();
    await becomes(hers, bob, 'offline');
    expect(heardOf(hers, bob).map(({ status }) => status)).toEqual(['online', 'busy', 'away', 'offline']);
  });

  it('ends when the node that somebody was connected to has died', async () => {
    const { alice, bob, hers } = await scene(first);
    const dying = new Redis(redis.url, new Metrics(), first.app.get(Log));
    const [{ tenant_id: tenantId } = { tenant_id: '' }] = await first.sql<{ tenant_id: string }>(
      'SELECT tenant_id FROM users WHERE id = $1',
      [bob.id],
    );
    await first.until(async () => dying.commands.status === 'ready');
    expect(await new RedisLeases(dying).hold([`${tenantId}/${bob.id}`], 2_000)).toHaveLength(1);
    dying.onApplicationShutdown();
    expect(await watch(hers, bob)).toMatchObject([{ status: 'online' }]);
    await becomes(hers, bob, 'offline');
    expect(await watch(await connect(alice, second.url), bob)).toMatchObject([{ status: 'offline' }]);
    expect(heardOf(hers, bob)).toHaveLength(1);
  });

  it('is known again soon after Redis has lost everything', async () => {
    const { bob, hers } = await scene(first);
    await connect(bob, second.url);
    await becomes(hers, bob, 'online');
    await redis.kill();
    await redis.restart();
    await first.until(async () => (await watch(hers, bob))[0]?.status === 'offline');
    await first.until(async () => (await watch(hers, bob))[0]?.status === 'online');
    // Each node says anew that it lives, and whose connections it holds, in its own time.
    const holders = () => first.app.get(Redis).commands.hlen('{parley:leases}:holders');
    await expect.poll(holders, { timeout: 10_000 }).toBeGreaterThan(1);
  });

  it('carries typing and receipts too', async () => {
    const [olga, max, nina] = [await first.person('olga'), await first.person('max'), await first.person('nina')];
    const room = await group(olga, max, nina);
    await olga.call('POST', '/messages', { conversationId: room, content: 'one' });
    const [hers, his] = [await connect(olga, first.url), await connect(max, second.url)];
    const ninas = await connect(nina, first.url);
    for (const socket of [hers, ninas]) await socket.request('join_conversation', { conversationId: room });
    await his.request('typing', { conversationId: room, isTyping: true });
    expect(await hers.hears('typing')).toEqual({ conversationId: room, userId: max.id, isTyping: true });
    await his.request('mark_read', { conversationId: room, seq: 1 });
    expect(await hers.hears('receipt')).toMatchObject({ userId: max.id, lastReadSeq: 1 });
    // Whoever stops sharing on one node stops hearing on the other.
    await second.call('PUT', '/users/profile', { privacy: { readReceipts: false } }, olga.accessToken);
    await olga.call('POST', '/messages', { conversationId: room, content: 'two' });
    await his.request('mark_read', { conversationId: room, seq: 2 });
    await ninas.hears('receipt', ({ userId, lastReadSeq }) => userId === max.id && lastReadSeq === 2);
    const { body } = await olga.call<{ id: string }>('POST', '/messages', { conversationId: room, content: 'three' });
    await hers.hears('new_message', ({ id }) => id === body.id);
    expect(hers.heard('receipt').filter(({ userId }) => userId === max.id)).toHaveLength(1);
  });
});
