import { randomUUID } from 'node:crypto';
import type { Conversation, Message, MessagePage, Problem, SyncRequest, SyncResult } from '@parley/protocol';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const sync = (person: Person, request: Partial<SyncRequest> = {}) =>
  person.call<SyncResult & Problem>('POST', '/sync', request);
const send = async (person: Person, conversationId: string, content: string) =>
  (await person.call<Message>('POST', '/messages', { conversationId, content })).body;
const group = async (owner: Person, members: readonly Person[], settings: object = {}) =>
  (
    await owner.call<Conversation>('POST', '/conversations', {
      type: 'group',
      name: 'Room',
      participantIds: members.map(({ id }) => id),
      ...settings,
    })
  ).body;
const pair = async () => {
  const [alice, bob] = [await app.person('alice'), await app.person('bob')];
  const chat = await group(alice, [bob]);
  return { alice, bob, chat };
};
/** Where a client stands that has just seen everything. */
const start = async (person: Person): Promise<SyncRequest> => {
  const { body } = await sync(person);
  const conversations = body.conversations.map(({ id, lastSeq, rev }) => [id, { seq: lastSeq, rev }] as const);
  return { inboxRev: body.inboxRev, conversations: Object.fromEntries(conversations) };
};

describe('a client that starts', () => {
  it('is given its conversations whole and where to go on from', async () => {
    const { bob, alice, chat } = await pair();
    await send(alice, chat.id, 'one');
    const { status, body } = await sync(bob);
    expect(status).toBe(200);
    expect(body).toMatchObject({ removed: [], resync: [], hidden: [], messages: {}, more: false });
    expect(body.conversations).toEqual([(await bob.call('GET', `/conversations/${chat.id}`)).body]);
  });
});

describe('a client that was away', () => {
  it('gets what was written meanwhile, once, and nothing when it asks again', async () => {
    const { alice, bob, chat } = await pair();
    await send(alice, chat.id, 'seen');
    const before = await start(bob);
    const missed = [await send(alice, chat.id, 'first'), await send(bob, chat.id, 'second')];
    const { body } = await sync(bob, before);
    expect(body.messages[chat.id]).toEqual({ items: missed, seq: 3, rev: 3, hasMore: false });
    expect(body.conversations.map(({ id, lastSeq, me }) => [id, lastSeq, me.unreadCount])).toEqual([[chat.id, 3, 2]]);
    const again = await sync(bob, { inboxRev: body.inboxRev, conversations: { [chat.id]: { seq: 3, rev: 3 } } });
    expect(again.body).toMatchObject({ conversations: [], messages: {}, removed: [], more: false });
  });

  it('is told page by page of more than one answer holds, with nothing left out', async () => {
    const { alice, bob, chat } = await pair();
    let request = await start(bob);
    await Promise.all(Array.from({ length: 250 }, (_, index) => send(alice, chat.id, `line ${index}`)));
    const seqs: number[] = [];
    for (let more = true; more;) {
      const { body } = await sync(bob, request);
      const page = body.messages[chat.id];
      expect(page?.items.length).toBeLessThanOrEqual(100);
      seqs.push(...(page?.items.map(({ seq }) => seq) ?? []));
      more = body.more;
      request = { inboxRev: body.inboxRev, conversations: { [chat.id]: { seq: page?.seq ?? 0, rev: page?.rev ?? 0 } } };
    }
    expect(seqs).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });

  it('learns of conversations it has come into and of those it is out of', async () => {
    const { alice, bob, chat } = await pair();
    const before = await start(bob);
    const other = await group(alice, [bob]);
    await alice.call('DELETE', `/conversations/${chat.id}/participants/${bob.id}`);
    await send(alice, chat.id, 'not for bob');
    const { body } = await sync(bob, before);
    expect(body.removed).toEqual([chat.id]);
    expect(body.conversations.map(({ id }) => id)).toEqual([other.id]);
    expect(JSON.stringify(body)).not.toContain('not for bob');
  });

  it('misses nothing that commits late', async () => {
    const { alice, bob, chat } = await pair();
    const other = await group(alice, [bob]);
    const before = await start(bob);
    const slow = new pg.Client({ connectionString: app.databaseUrl });
    await slow.connect();
    try {
      await slow.query('BEGIN');
      await slow.query(
        `WITH moved AS (UPDATE conversations SET last_seq = last_seq + 1, rev = rev + 1 WHERE id = $1 RETURNING *)
         INSERT INTO messages (tenant_id, conversation_id, seq, rev, id, sender_id, message_type, content, created_at)
         SELECT tenant_id, id, last_seq, rev, $2, $3, 'text', 'late', now() FROM moved`,
        [chat.id, randomUUID(), alice.id],
      );
      await send(alice, other.id, 'early');
      const meanwhile = await sync(bob, before);
      expect(Object.keys(meanwhile.body.messages)).toEqual([other.id]);
      await slow.query('COMMIT');
      const { body } = await sync(bob, {
        inboxRev: meanwhile.body.inboxRev,
        conversations: { ...before.conversations, [other.id]: { seq: 1, rev: 1 } },
      });
      expect(body.messages[chat.id]?.items.map(({ content }) => content)).toEqual(['late']);
    } finally {
      await slow.end();
    }
  });
});

describe('a member who has come later', () => {
  it('gets nothing from before they joined where newcomers begin there', async () => {
    const { alice, bob } = await pair();
    const chat = await group(alice, [], { historyVisibility: 'joined' });
    await send(alice, chat.id, 'old secret');
    await alice.call('POST', `/conversations/${chat.id}/participants`, { userIds: [bob.id] });
    await send(alice, chat.id, 'hello bob');
    const { body } = await sync(bob, { conversations: { [chat.id]: { seq: 0, rev: 0 } } });
    expect(body.resync).toEqual([chat.id]);
    expect(JSON.stringify(body)).not.toContain('old secret');
    const visibleFrom = body.conversations.find(({ id }) => id === chat.id)?.me.visibleFromSeq ?? 0;
    const { body: page } = await bob.call<MessagePage>('GET', `/messages/${chat.id}?after=0`);
    expect(page.items.map(({ seq }) => seq)).toEqual([visibleFrom, visibleFrom + 1]);
    expect(page.hasMoreBefore).toBe(false);
  });
});

describe('a cursor that was not given out here', () => {
  it('starts the conversation anew when it is ahead of it', async () => {
    const { bob, chat } = await pair();
    const { body } = await sync(bob, { conversations: { [chat.id]: { seq: 99, rev: 1 } } });
    expect(body).toMatchObject({ resync: [chat.id], messages: {} });
  });

  it("makes the client start afresh when it is ahead of the person's inbox", async () => {
    const { bob } = await pair();
    const { status, body } = await sync(bob, { inboxRev: 1_000_000 });
    expect(status).toBe(409);
    expect(body.code).toBe('resync_required');
  });

  it("tells of another's conversation just what it tells of one that never was", async () => {
    const { chat } = await pair();
    const mallory = await app.person('mallory');
    const nowhere = randomUUID();
    const cursor = { seq: 0, rev: 0 };
    const { body } = await sync(mallory, { conversations: { [chat.id]: cursor, [nowhere]: cursor } });
    expect(body.removed.toSorted()).toEqual([chat.id, nowhere].toSorted());
    expect(body).toMatchObject({ conversations: [], messages: {} });
  });

  it.each([
    ['a negative position', { conversations: { [randomUUID()]: { seq: -1, rev: 0 } } }, /^conversations\..+\.seq$/],
    ['no id', { conversations: { nothing: { seq: 0, rev: 0 } } }, /^conversations/],
    ['a text', { inboxRev: 'latest' }, /^inboxRev$/],
    ['a key too many', { since: 0 }, /^since$/],
  ])('is refused with its path when it holds %s', async (_, request, path) => {
    const { bob } = await pair();
    const { status, body } = await bob.call<Problem>('POST', '/sync', request);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.path).toMatch(path);
  });
});
