import { randomUUID } from 'node:crypto';
import type { Conversation, DeliveryStatus, Message, Page, Problem, Profile, ReadMark } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { connectSocket, type TestSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const open: TestSocket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});
async function connect(person: Person): Promise<TestSocket> {
  const socket = await connectSocket(app.url, person.accessToken);
  open.push(socket);
  return socket;
}

async function pair(): Promise<{ alice: Person; bob: Person; chat: string }> {
  const alice = await app.person('alice');
  const bob = await app.person('bob');
  const input = { type: 'direct', participantIds: [bob.id] };
  const { body } = await alice.call<Conversation>('POST', '/conversations', input);
  return { alice, bob, chat: body.id };
}
async function group(owner: Person, ...members: Person[]): Promise<string> {
  const input = { type: 'group', name: 'Room', participantIds: members.map(({ id }) => id) };
  return (await owner.call<Conversation>('POST', '/conversations', input)).body.id;
}
async function send(sender: Person, conversationId: string, ...contents: string[]): Promise<Message[]> {
  const sent: Message[] = [];
  for (const content of contents) {
    sent.push((await sender.call<Message>('POST', '/messages', { conversationId, content })).body);
  }
  return sent;
}
const read = async (reader: Person, conversationId: string, seq: number): Promise<ReadMark> =>
  (await reader.call<ReadMark>('POST', '/messages/mark-read', { conversationId, seq })).body;
const deliver = (reader: Person, conversationId: string, seq: number) =>
  reader.call('POST', '/messages/mark-delivered', { conversationId, seq });
const load = async (viewer: Person, id: string): Promise<Conversation> =>
  (await viewer.call<Conversation>('GET', `/conversations/${id}`)).body;
const keepPrivate = (person: Person, isPrivate = true) =>
  person.call<Profile>('PUT', '/users/profile', { privacy: { readReceipts: !isPrivate } });
const revs = async (person: Person, conversationId: string) =>
  (
    await app.sql<{ seat: string; inbox: string }>(
      `SELECT p.inbox_rev AS seat, i.rev AS inbox FROM participants p JOIN inboxes i USING (tenant_id, user_id)
       WHERE p.user_id = $1 AND p.conversation_id = $2`,
      [person.id, conversationId],
    )
  )[0];
/** Comes after everything that the last marks of this reader have caused to be told. */
async function allTold(to: TestSocket, by: Person, conversationId: string): Promise<void> {
  const [{ seq } = { seq: 0 }] = await send(by, conversationId, 'a sign');
  await to.hears('new_message', (message) => message.conversationId === conversationId && message.seq === seq);
}

describe('marks', () => {
  it('move forward only, never past the end, and unread follows', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat, 'one', 'two', 'three');
    await send(bob, chat, 'mine');
    expect((await load(bob, chat)).me.unreadCount).toBe(3);
    expect(await read(bob, chat, 2)).toEqual({ lastReadSeq: 2, unreadCount: 1 });
    expect(await read(bob, chat, 1)).toEqual({ lastReadSeq: 2, unreadCount: 1 });
    expect(await read(bob, chat, 1_000)).toEqual({ lastReadSeq: 4, unreadCount: 0 });
  });

  it('of reading move those of delivery, and those of delivery leave reading alone', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat, 'one', 'two', 'three');
    expect((await deliver(bob, chat, 2)).body).toEqual({ lastDeliveredSeq: 2 });
    expect((await deliver(bob, chat, 1)).body).toEqual({ lastDeliveredSeq: 2 });
    expect((await load(bob, chat)).me).toMatchObject({ lastReadSeq: 0, lastDeliveredSeq: 2, unreadCount: 3 });
    await read(bob, chat, 3);
    expect((await load(bob, chat)).me).toMatchObject({ lastReadSeq: 3, lastDeliveredSeq: 3, unreadCount: 0 });
    expect((await deliver(bob, chat, 9)).body).toEqual({ lastDeliveredSeq: 3 });
  });

  it('can be set over the socket, and by the id of a message', async () => {
    const { alice, bob, chat } = await pair();
    const [, second] = await send(alice, chat, 'one', 'two', 'three');
    const phone = await connect(bob);
    expect(await phone.request('mark_delivered', { conversationId: chat, seq: 1 })).toEqual({
      ok: true,
      data: { lastDeliveredSeq: 1 },
    });
    expect(await phone.request('mark_read', { conversationId: chat, messageId: second?.id ?? '' })).toEqual({
      ok: true,
      data: { lastReadSeq: 2, unreadCount: 1 },
    });
  });

  it('are refused to strangers like those of what does not exist, and beside members', async () => {
    const { alice, bob, chat } = await pair();
    const [message] = await send(alice, chat, 'one');
    const mallory = await app.person('mallory');
    const mark = (path: string, body: object) => mallory.call<Problem>('POST', `/messages/${path}`, body);
    const [readHere, deliveredHere, readById, readNowhere, theirs] = await Promise.all([
      mark('mark-read', { conversationId: chat, seq: 1 }),
      mark('mark-delivered', { conversationId: chat, seq: 1 }),
      mark('mark-read', { conversationId: chat, messageId: message?.id }),
      mark('mark-read', { conversationId: randomUUID(), seq: 1 }),
      read(bob, chat, 1),
    ]);
    expect(readNowhere.status).toBe(404);
    for (const answer of [readHere, deliveredHere, readById]) expect(sameBut(answer)).toEqual(sameBut(readNowhere));
    expect(theirs).toEqual({ lastReadSeq: 1, unreadCount: 0 });

    const other = await group(bob);
    const elsewhere = await bob.call('POST', '/messages/mark-read', { conversationId: other, messageId: message?.id });
    expect(elsewhere.status).toBe(404);
    expect((await bob.call('POST', '/messages/mark-read', { conversationId: chat })).status).toBe(400);
  });

  it('end with the seat', async () => {
    const [olga, max] = [await app.person('olga'), await app.person('max')];
    const room = await group(olga, max);
    await send(olga, room, 'one');
    await max.call('POST', `/conversations/${room}/leave`);
    const answer = await max.call<Problem>('POST', '/messages/mark-read', { conversationId: room, seq: 1 });
    expect(answer.status).toBe(404);
    expect(await app.sql('SELECT 1 FROM receipt_moves WHERE conversation_id = $1', [room])).toEqual([]);
  });

  it('of reading end what was marked unread, wherever they stood', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat, 'one');
    await read(bob, chat, 1);
    const markUnread = 'UPDATE participants SET is_marked_unread = true WHERE conversation_id = $1 AND user_id = $2';
    await app.sql(markUnread, [chat, bob.id]);
    const before = await revs(bob, chat);
    await deliver(bob, chat, 1);
    expect((await load(bob, chat)).me.markedUnread).toBe(true);
    expect(await revs(bob, chat)).toEqual(before);
    await read(bob, chat, 1);
    expect((await load(bob, chat)).me.markedUnread).toBe(false);
    expect(await revs(bob, chat)).not.toEqual(before);
  });

  it('count as unread what is there to be read: visible, not hidden, not deleted, not one’s own', async () => {
    const [olga, max] = [await app.person('olga'), await app.person('max')];
    const room = await group(olga, max);
    await send(olga, room, '1', '2', '3', '4', '5', '6');
    await send(max, room, '7');
    await send(olga, room, '8');
    const at = [room, max.id];
    await app.sql('UPDATE participants SET visible_from_seq = 2 WHERE conversation_id = $1 AND user_id = $2', at);
    await app.sql('UPDATE messages SET deleted_at = now() WHERE conversation_id = $1 AND seq IN (3, 4)', [room]);
    await app.sql(
      `INSERT INTO hidden_messages (tenant_id, user_id, conversation_id, seq, inbox_rev)
       SELECT tenant_id, $2, $1, seq, 0 FROM messages WHERE conversation_id = $1 AND seq IN (4, 5)`,
      at,
    );
    await app.sql(
      `INSERT INTO mentions (tenant_id, conversation_id, user_id, seq)
       SELECT tenant_id, $1, named, seq FROM messages, unnest($2::uuid[]) AS named
       WHERE conversation_id = $1 AND seq IN (1, 3, 5, 6, 7, 8)`,
      [room, [max.id, '00000000-0000-0000-0000-000000000000']],
    );
    // 2, 6 and 8 are left; 6 and 8 mention him, once each.
    const reload = async () => (await load(max, room)).me;
    expect(await reload()).toMatchObject({ unreadCount: 3, mentionCount: 2 });
    expect((await read(max, room, 1)).unreadCount).toBe(3);
    expect((await read(max, room, 2)).unreadCount).toBe(2);
    expect(await reload()).toMatchObject({ unreadCount: 2, mentionCount: 2 });
    expect((await read(max, room, 6)).unreadCount).toBe(1);
    expect(await reload()).toMatchObject({ unreadCount: 1, mentionCount: 1 });
  });

  it('of many people at once all move, one change of the inbox each', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, (_, index) => app.person(`reader${index}`)));
    const [owner, ...others] = people;
    if (!owner) throw new Error('nobody');
    const rooms = await Promise.all([group(owner, ...others), group(owner, ...others), group(owner, ...others)]);
    for (const { id } of others) {
      const input = { type: 'direct', participantIds: [id] };
      rooms.push((await owner.call<Conversation>('POST', '/conversations', input)).body.id);
    }
    for (const room of rooms) await send(owner, room, '1', '2', '3', '4', '5');
    const moves = Array.from({ length: 400 }, (_, index) => async () => {
      const person = people[(index * 7) % people.length] ?? owner;
      const room = rooms[(index * 5) % rooms.length] ?? '';
      const seq = 1 + ((index * 3) % 5);
      return index % 2 === 0 ? read(person, room, seq) : deliver(person, room, seq);
    });
    await Promise.all(moves.map((move) => move()));
    const logged = await app.sql(
      `SELECT 1 FROM (
         SELECT at, lag(at) OVER (PARTITION BY user_id, conversation_id, kind ORDER BY seq) AS earlier
         FROM receipt_moves WHERE conversation_id = ANY ($1)
       ) move WHERE at < earlier`,
      [rooms],
    );
    expect(logged).toEqual([]);
    const seats = await app.sql<{ is_last: boolean; seats: string; distinct_revs: string }>(
      `SELECT max(p.inbox_rev) <= max(i.rev) AS is_last, count(*) AS seats, count(DISTINCT p.inbox_rev) AS distinct_revs
       FROM participants p JOIN inboxes i USING (tenant_id, user_id)
       WHERE p.conversation_id = ANY ($1) GROUP BY p.user_id`,
      [rooms],
    );
    for (const { is_last, seats: count, distinct_revs } of seats) {
      expect(is_last).toBe(true);
      expect(distinct_revs).toBe(count);
    }
    const behind = await app.sql(
      `SELECT 1 FROM participants p WHERE p.conversation_id = ANY ($1)
         AND (p.last_read_seq > p.last_delivered_seq OR p.shared_read_seq <> p.last_read_seq
           OR p.last_delivered_seq <> coalesce((SELECT max(seq) FROM receipt_moves r WHERE r.user_id = p.user_id
                AND r.conversation_id = p.conversation_id AND r.kind = 'delivered'), 0))`,
      [rooms],
    );
    expect(behind).toEqual([]);
  });

  it('on two devices at once, each on a node of its own, are one change for both people', async () => {
    const other = await startTestApp({}, () => app.databaseUrl);
    try {
      const alice = await app.person('alice');
      const peers = await Promise.all(Array.from({ length: 20 }, () => app.person('peer')));
      const chats = await Promise.all(
        peers.map(async (peer) => {
          const input = { type: 'direct', participantIds: [peer.id] };
          const { id } = (await alice.call<Conversation>('POST', '/conversations', input)).body;
          await send(peer, id, 'hello');
          return { peer, id };
        }),
      );
      const before = await Promise.all(chats.map(({ peer, id }) => revs(peer, id)));
      const mark = (node: TestApp) => (chat: { id: string }) =>
        node.call('POST', '/messages/mark-delivered', { conversationId: chat.id, seq: 1 }, alice.accessToken);
      await Promise.all([...chats.map(mark(app)), ...chats.map(mark(other))]);
      const after = await Promise.all(chats.map(({ peer, id }) => revs(peer, id)));
      expect(after.map((now) => Number(now?.inbox))).toEqual(before.map((then) => Number(then?.inbox) + 1));
    } finally {
      await other.close();
    }
  });
});

describe('what is told of a move', () => {
  it('is to one’s own devices what they would load, once for each move', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat, 'one', 'two');
    const desk = await connect(bob);
    await read(bob, chat, 1);
    await read(bob, chat, 1);
    expect(await desk.hears('seat_updated')).toEqual({ conversationId: chat, rev: 2, me: (await load(bob, chat)).me });
    expect(await desk.hears('receipt')).toMatchObject({ userId: bob.id, lastReadSeq: 1, lastDeliveredSeq: 1 });
    await deliver(bob, chat, 2);
    // What was only delivered changes no count: its receipt says all of it.
    const { inboxRev } = await desk.hears('receipt', (event) => event.lastDeliveredSeq === 2);
    const { me } = await load(bob, chat);
    expect([inboxRev, me.lastDeliveredSeq]).toEqual([me.rev, 2]);
    await allTold(desk, alice, chat);
    expect(desk.heard('receipt')).toHaveLength(2);
    expect(desk.heard('seat_updated')).toHaveLength(1);
  });

  it('reaches the peer of a direct conversation, live and by a change of the peer’s inbox', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat, 'one', 'two');
    const hers = await connect(alice);
    const before = await revs(alice, chat);
    await deliver(bob, chat, 2);
    expect(await hers.hears('receipt')).toMatchObject({ userId: bob.id, lastDeliveredSeq: 2, lastReadSeq: 0 });
    await read(bob, chat, 1);
    const receipt = await hers.hears('receipt', ({ lastReadSeq }) => lastReadSeq === 1);
    expect((await load(alice, chat)).peerMarks).toEqual({ lastDeliveredSeq: 2, lastReadSeq: 1 });
    expect(receipt).toMatchObject({ conversationId: chat, lastDeliveredSeq: 2 });
    const after = await revs(alice, chat);
    expect(Number(after?.seat)).toBe(Number(before?.inbox) + 2);
    expect(after?.inbox).toBe(after?.seat);
  });

  it('is nothing while the reader keeps receipts private, but for what was delivered', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat, 'one', 'two', 'three');
    await read(bob, chat, 1);
    const [hers, his] = [await connect(alice), await connect(bob)];
    await keepPrivate(bob);
    await deliver(bob, chat, 2);
    expect(await hers.hears('receipt')).toMatchObject({ lastDeliveredSeq: 2, lastReadSeq: 1 });
    const before = await revs(alice, chat);
    await read(bob, chat, 2);
    expect(await his.hears('receipt', ({ lastReadSeq }) => lastReadSeq === 2)).toMatchObject({ userId: bob.id });
    expect(await revs(alice, chat)).toEqual(before);
    expect((await load(alice, chat)).peerMarks).toEqual({ lastDeliveredSeq: 2, lastReadSeq: 1 });
    await allTold(hers, bob, chat);
    expect(hers.heard('receipt')).toHaveLength(1);

    await keepPrivate(bob, false);
    expect((await load(alice, chat)).peerMarks?.lastReadSeq).toBe(1);
    await read(bob, chat, 3);
    expect(await hers.hears('receipt', ({ lastReadSeq }) => lastReadSeq === 3)).toMatchObject({ userId: bob.id });
  });

  it('is not what was read to whoever keeps receipts private themselves', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat, 'one', 'two');
    await keepPrivate(alice);
    const hers = await connect(alice);
    await read(bob, chat, 1);
    expect(await hers.hears('receipt')).toMatchObject({ lastDeliveredSeq: 1, lastReadSeq: 0 });
    await deliver(bob, chat, 2);
    await hers.hears('receipt', ({ lastDeliveredSeq }) => lastDeliveredSeq === 2);
    const before = await revs(alice, chat);
    await read(bob, chat, 2);
    await allTold(hers, bob, chat);
    expect(hers.heard('receipt')).toHaveLength(2);
    expect(await revs(alice, chat)).toEqual(before);
    expect((await load(alice, chat)).peerMarks?.lastReadSeq).toBe(0);
  });

  it('does not reach the members of a group who do not look at it', async () => {
    const [olga, max, nina] = [await app.person('olga'), await app.person('max'), await app.person('nina')];
    const room = await group(olga, max, nina);
    await send(olga, room, 'one');
    const [hers, ninas] = [await connect(olga), await connect(nina)];
    await ninas.request('join_conversation', { conversationId: room });
    await read(max, room, 1);
    await ninas.hears('receipt');
    await allTold(hers, max, room);
    expect(hers.heard('receipt')).toEqual([]);
  });
});

describe('the status of a message', () => {
  const status = async (viewer: Person, id: string, query = '') =>
    (await viewer.call<Page<DeliveryStatus>>('GET', `/messages/${id}/status${query}`)).body;

  it('is sent, delivered or read, since when, for each recipient', async () => {
    const people = await Promise.all(['olga', 'max', 'nina', 'paul'].map((name) => app.person(name)));
    const [olga, max, nina, paul] = people as [Person, Person, Person, Person];
    const room = await group(olga, max, nina, paul);
    const [message] = await send(olga, room, 'one', 'two');
    const id = message?.id ?? '';
    app.clock.advance(60_000);
    await deliver(max, room, 2);
    await read(nina, room, 1);
    app.clock.advance(60_000);
    await read(max, room, 2);
    await read(nina, room, 2);
    const { items } = await status(olga, id);
    const of = (person: Person) => items.find(({ userId }) => userId === person.id);
    const sentAt = Date.parse(message?.createdAt ?? '');
    const minutesAfter = (person: Person) => Math.floor((Date.parse(of(person)?.at ?? '') - sentAt) / 60_000);
    expect(items).toHaveLength(3);
    expect([of(max)?.status, minutesAfter(max)]).toEqual(['read', 2]);
    expect([of(nina)?.status, minutesAfter(nina)]).toEqual(['read', 1]);
    expect([of(paul)?.status, minutesAfter(paul)]).toEqual(['sent', 0]);

    const late = await app.person('late');
    await olga.call('POST', `/conversations/${room}/participants`, { userIds: [late.id] });
    await paul.call('POST', `/conversations/${room}/leave`);
    expect((await status(olga, id)).items.map(({ userId }) => userId).toSorted()).toEqual([max.id, nina.id].toSorted());
  });

  it('comes in pages', async () => {
    const olga = await app.person('olga');
    const others = await Promise.all(Array.from({ length: 5 }, () => app.person('member')));
    const room = await group(olga, ...others);
    const [message] = await send(olga, room, 'one');
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '?limit=2' : `?limit=2&cursor=${cursor}`;
      const page = await status(olga, message?.id ?? '', query);
      seen.push(...page.items.map(({ userId }) => userId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(others.map(({ id }) => id).toSorted());
    expect((await olga.call('GET', `/messages/${message?.id}/status?cursor=x`)).status).toBe(400);
  });

  it('does not say read where either side keeps receipts private', async () => {
    const { alice, bob, chat } = await pair();
    const [first, second] = await send(alice, chat, 'one', 'two');
    await read(bob, chat, 1);
    await keepPrivate(bob);
    await read(bob, chat, 2);
    expect((await status(alice, first?.id ?? '')).items).toMatchObject([{ status: 'read' }]);
    expect((await status(alice, second?.id ?? '')).items).toMatchObject([{ status: 'delivered' }]);
    await keepPrivate(alice);
    expect((await status(alice, first?.id ?? '')).items).toMatchObject([{ status: 'delivered' }]);
  });

  it('is for the sender and for moderators', async () => {
    const [olga, max, nina] = [await app.person('olga'), await app.person('max'), await app.person('nina')];
    const room = await group(olga, max, nina);
    const [message] = await send(max, room, 'one');
    const path = `/messages/${message?.id}/status`;
    expect((await max.call('GET', path)).status).toBe(200);
    expect((await olga.call('GET', path)).status).toBe(200);
    expect((await nina.call<Problem>('GET', path)).body.code).toBe('forbidden');
    const mallory = await app.person('mallory');
    const unknown = await mallory.call<Problem>('GET', `/messages/${randomUUID()}/status`);
    expect(unknown.status).toBe(404);
    expect(sameBut(await mallory.call<Problem>('GET', path))).toEqual(sameBut(unknown));
  });
});
