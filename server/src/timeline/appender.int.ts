import { randomUUID } from 'node:crypto';
import type { Ack, AckData, Message, Problem } from '@parley/protocol';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Log } from '../platform/logging/log.js';
import { startTcpProxy, type TcpProxy } from '../platform/testing/tcp-proxy.js';
import { type Answer, type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { startRoom, type TestRoom } from '../platform/testing/test-room.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
let link: TcpProxy;
beforeAll(async () => {
  app = await startTestApp({}, async (databaseUrl) => {
    const url = new URL(databaseUrl);
    link = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${link.port}`;
    return url.href;
  });
});
afterAll(async () => {
  await app.close();
  await link.close();
});
afterEach(() => vi.restoreAllMocks());

const outcome = ({ status, body }: Answer<Message & Problem>) => (status < 300 ? status : body.code);
const seqsOf = async (room: TestRoom) => (await room.read(room.owner)).map(({ seq }) => seq);
const dense = (length: number) => Array.from({ length }, (_, index) => index + 1);

/** Keeps writers waiting until it is let go; `change` is what is written to the conversation meanwhile. */
async function hold(conversationId: string, change = 'rev = rev'): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`UPDATE conversations SET ${change} WHERE id = $1`, [conversationId]);
  return async () => {
    await client.query('COMMIT');
    await client.end();
  };
}

const WRITERS = `SELECT pid, wait_event_type FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'parley-writer'`;
const isWaiting = async () =>
  (await app.sql<{ wait_event_type: string }>(WRITERS)).some((writer) => writer.wait_event_type === 'Lock');

/** Sends all of these while a writer waits, so that they gather behind it and are written together. */
async function together(room: TestRoom, sends: readonly [Person, object][]): Promise<Answer<Message & Problem>[]> {
  const letGo = await hold(room.id);
  const first = room.trySend(room.owner, 'in front');
  await app.until(isWaiting);
  const answers = sends.map(([person, input]) => room.trySend(person, { content: 'x', ...input }));
  await room.me(room.owner);
  await letGo();
  await first;
  return Promise.all(answers);
}

describe('a batch in which each message is something else', () => {
  it('gives each its own answer, stores the others, and leaves no hole', async () => {
    const room = await startRoom(app);
    const [silenced, forbidden, stranger] = [await room.newcomer(), await room.newcomer(), await app.person('x')];
    const before = (await seqsOf(room)).length;
    await app.sql("UPDATE participants SET silenced_until = 'infinity' WHERE user_id = $1", [silenced.id]);
    await app.sql('UPDATE participants SET may_post = false WHERE user_id = $1', [forbidden.id]);
    const old = await room.send(room.member, { content: 'old', clientMessageId: 'old' });
    const answers = await together(room, [
      [room.owner, { content: 'a' }],
      [silenced, {}],
      [room.member, { clientMessageId: 'twin', content: 'one of them' }],
      [forbidden, {}],
      [room.member, { clientMessageId: 'twin', content: 'one of them' }],
      [stranger, {}],
      [room.member, { clientMessageId: 'old', content: 'another body' }],
      [room.owner, { content: 'b', replyToId: old.id }],
    ]);
    const outcomes = answers.map(outcome);
    expect([outcomes[0], outcomes[1], outcomes[3], outcomes[5], outcomes[6], outcomes[7]]).toEqual([
      201,
      'silenced',
      'forbidden',
      'not_found',
      200,
      201,
    ]);
    expect([outcomes[2], outcomes[4]].toSorted()).toEqual([200, 201]);
    expect(answers[2]?.body).toEqual(answers[4]?.body);
    expect(answers[6]?.body).toEqual(old);
    expect(answers[7]?.body.replyTo?.content).toBe('old');
    expect(await seqsOf(room)).toEqual(dense(before + 5));
  });

  it('keeps the positions of every conversation dense under a storm of all kinds', async () => {
    const rooms = [await startRoom(app), await startRoom(app, { slowModeSeconds: 5 })];
    const stranger = await app.person('stranger');
    const answers = await Promise.all(
      rooms.flatMap((room) =>
        Array.from({ length: 40 }, (_, index) =>
          room.trySend([room.owner, room.member, stranger][index % 3] ?? stranger, {
            content: `${index}`,
            clientMessageId: `key ${index % 20}`,
          }),
        ),
      ),
    );
    expect(answers.map(outcome).filter((one) => one === 'internal' || one === 'unavailable')).toEqual([]);
    for (const room of rooms) {
      const items = await room.read(room.owner);
      expect(items.map(({ seq }) => seq)).toEqual(dense(items.length));
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      const keys = items.map(({ senderId, clientMessageId }) => `${senderId} ${clientMessageId}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
    const [, slow] = rooms;
    const ofMember = (await slow?.read(slow.owner))?.filter(({ senderId }) => senderId === slow?.member.id);
    expect(ofMember).toHaveLength(1);
  });
});

describe('a conversation that somebody else keeps locked', () => {
  it('goes on from where it was left', async () => {
    const room = await startRoom(app);
    const before = await room.send(room.owner, 'before');
    const letGo = await hold(room.id, 'rev = rev + 3, last_seq = last_seq + 2');
    const sent = room.trySend(room.owner, 'after');
    await app.until(isWaiting);
    await letGo();
    const { body } = await sent;
    expect([body.seq, body.rev]).toEqual([before.seq + 3, before.rev + 4]);
  });

  it('holds up none of the others for longer than a moment', async () => {
    const rooms = await Promise.all(dense(16).map(() => startRoom(app)));
    const letGo = await hold(rooms[0]?.id ?? '');
    const startedAt = performance.now();
    const [locked, ...others] = rooms.map((room) => room.trySend(room.owner, 'to all at once'));
    const answers = await Promise.all(others);
    // Sooner than a writer gives up on a statement, which is when they would have gone on otherwise.
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(answers.map(outcome)).toEqual(others.map(() => 201));
    expect(await seqsOf(rooms[0] as TestRoom)).toEqual([]);
    await letGo();
    expect((await locked)?.status).toBe(201);
  });

  it('keeps the order of what is sent to it before, meanwhile and afterwards', async () => {
    const [room, other] = [await startRoom(app), await startRoom(app)];
    const socket = await connectSocket(app.url, room.member.accessToken);
    const sent: Promise<Ack<AckData<'send_message'>>>[] = [];
    const send = () => {
      const content = `${sent.length + 1}`;
      sent.push(socket.request('send_message', { conversationId: room.id, clientMessageId: randomUUID(), content }));
    };
    for (const _ of ['once', 'again']) {
      const letGo = await hold(room.id);
      send();
      await app.until(isWaiting);
      let isSetAside = false;
      // It came behind the first and is there before it.
      void other.send(other.owner, 'beside it').then(() => {
        isSetAside = true;
      });
      await app.until(async () => {
        send();
        return isSetAside;
      });
      await letGo();
      for (const __ of dense(20)) {
        send();
        await room.me(room.owner);
      }
    }
    const seqs = (await Promise.all(sent)).map((answer) => answer.ok && answer.data.seq);
    expect(seqs).toEqual(dense(sent.length));
    socket.close();
  });

  it('is given up on by itself, and written to again once it is let go', async () => {
    const [room, another, other] = [await startRoom(app), await startRoom(app), await startRoom(app)];
    vi.spyOn(app.app.get(Log), 'error').mockReturnValue();
    const letGo = [await hold(room.id), await hold(another.id)];
    const refused = [room.trySend(room.owner, 'a'), room.trySend(room.member, 'b')];
    await app.until(isWaiting);
    expect(outcome(await other.trySend(other.owner, 'beside it'))).toBe(201);
    // Set aside later than the first, behind which it waits.
    refused.push(another.trySend(another.owner, 'a'));
    expect((await Promise.all(refused)).map(outcome)).toEqual(refused.map(() => 'unavailable'));
    await Promise.all(letGo.map((release) => release()));
    for (const one of [room, another]) {
      await one.send(one.owner, 'c');
      expect((await one.read(one.owner)).map(({ content }) => content)).toEqual(['c']);
    }
  });
});

describe('slow mode', () => {
  it('lets members write once in so many seconds, says how long to wait, and counts no repeat', async () => {
    const room = await startRoom(app, { slowModeSeconds: 30 });
    const first = await room.send(room.member, { content: 'first', clientMessageId: 'first' });
    app.clock.advance(10_000);
    const early = await room.trySend(room.member, 'second');
    expect([early.status, early.body.code]).toEqual([429, 'slow_mode']);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThanOrEqual(19);
    expect(Number(early.headers.get('retry-after'))).toBeLessThanOrEqual(20);
    const again = await room.trySend(room.member, { content: 'first', clientMessageId: 'first' });
    expect(again).toMatchObject({ status: 200, body: first });
    const socket = await connectSocket(app.url, room.member.accessToken);
    const input = { conversationId: room.id, clientMessageId: randomUUID(), content: 'second' };
    const refused = await socket.request('send_message', input);
    expect(refused).toMatchObject({ ok: false, error: { code: 'slow_mode', retryable: true } });
    app.clock.advance(20_000);
    expect((await socket.request('send_message', input)).ok).toBe(true);
    expect(await seqsOf(room)).toEqual([1, 2]);
    socket.close();
  });

  it('lets one of several that come at once through, and does not hold back who leads', async () => {
    const room = await startRoom(app, { slowModeSeconds: 30 });
    const answers = await Promise.all(dense(5).map((index) => room.trySend(room.member, `${index}`)));
    expect(answers.map(outcome).toSorted()).toEqual([201, 'slow_mode', 'slow_mode', 'slow_mode', 'slow_mode']);
    const leading = await Promise.all(dense(5).map((index) => room.trySend(room.owner, `${index}`)));
    expect(leading.map(outcome)).toEqual([201, 201, 201, 201, 201]);
    expect(await seqsOf(room)).toEqual(dense(6));
  });
});

describe('a write whose answer is lost', () => {
  it('is found again: stored once, answered as new, and told to everyone', async () => {
    const room = await startRoom(app);
    const socket = await connectSocket(app.url, room.member.accessToken);
    vi.spyOn(app.app.get(Log), 'error').mockReturnValue();
    // So that there is one connection to lose, and the next is a new one.
    await app.sql(`SELECT pg_terminate_backend(pid) FROM (${WRITERS}) writer`);
    await app.until(async () => (await app.sql(WRITERS)).length === 0);
    const letGo = await hold(room.id);
    const sent = room.trySend(room.owner, { content: 'lost and found', clientMessageId: randomUUID() });
    await app.until(isWaiting);
    link.freeze();
    await letGo();
    await app.until(async () => {
      const stored = await app.sql('SELECT 1 FROM messages WHERE conversation_id = $1', [room.id]);
      return stored.length > 0;
    });
    link.reset();
    const { status, body } = await sent;
    expect(status).toBe(201);
    expect(await socket.hears('new_message')).toEqual(body);
    await app.until(async () => (await app.call('GET', '/health/ready')).status === 200);
    expect(await room.read(room.owner)).toEqual([body]);
    expect(socket.heard('new_message')).toHaveLength(1);
    socket.close();
  });
});
