import { randomUUID } from 'node:crypto';
import type { Conversation, MessagePage, Page, Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../platform/pagination.js';
import { PASSWORD, type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

type Answered = Conversation & Problem;
const direct = (person: Person, peerId: string) =>
  person.call<Answered>('POST', '/conversations', { type: 'direct', participantIds: [peerId] });
const group = (owner: Person, members: readonly Person[], name = 'Room') =>
  owner.call<Answered>('POST', '/conversations', {
    type: 'group',
    name,
    participantIds: members.map(({ id }) => id),
  });
const say = (person: Person, conversationId: string, content: string) =>
  person.call('POST', '/messages', { conversationId, content });
const list = async (person: Person, query = '') =>
  (await person.call<Page<Conversation>>('GET', `/conversations${query}`)).body;

describe('a direct conversation', () => {
  it('is one, however many begin it at once from both sides', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? direct(alice, bob.id) : direct(bob, alice.id))),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    expect((await list(bob)).items).toHaveLength(1);
  });

  it('shows each of the two the other', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const { body } = await direct(alice, bob.id.toUpperCase());
    expect(body).toMatchObject({ type: 'direct', name: null, memberCount: 2, peer: { id: bob.id } });
    const { body: seen } = await bob.call<Conversation>('GET', `/conversations/${body.id}`);
    expect(seen.peer?.id).toBe(alice.id);
    expect(seen.me.role).toBe('member');
  });

  it('cannot be had with oneself, with nobody, or with two', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    expect((await direct(alice, alice.id)).status).toBe(400);
    expect((await direct(alice, randomUUID())).status).toBe(404);
    for (const participantIds of [[], [bob.id, alice.id]]) {
      const input = { type: 'direct', participantIds };
      expect((await alice.call('POST', '/conversations', input)).status).toBe(400);
    }
  });

  it('cannot be begun with who has deleted the account, answered as for nobody', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    await bob.call('DELETE', '/users/profile', { password: PASSWORD });
    expect(sameBut(await direct(alice, bob.id))).toEqual(sameBut(await direct(alice, randomUUID())));
  });

  it.each<[string, (chat: string, peer: string) => [string, string, unknown?]]>([
    ['be left', (chat) => ['POST', `${chat}/leave`]],
    ['be renamed', (chat) => ['PUT', chat, { name: 'Ours' }]],
    ['take in a third', (chat, peer) => ['POST', `${chat}/participants`, { userIds: [peer] }]],
    ['put the other out', (chat, peer) => ['DELETE', `${chat}/participants/${peer}`]],
    ['have roles', (chat, peer) => ['PUT', `${chat}/participants/${peer}`, { role: 'admin' }]],
  ])('cannot %s', async (_, act) => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const { body: chat } = await direct(alice, bob.id);
    const { status, body } = await alice.call<Problem>(...act(`/conversations/${chat.id}`, bob.id));
    expect(status).toBe(409);
    expect(body.code).toBe('direct_conversation');
  });
});

describe('a group', () => {
  it('belongs to who creates it and holds whom they named, each once', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const { status, body } = await group(alice, [bob, bob, alice]);
    expect(status).toBe(201);
    expect(body).toMatchObject({ type: 'group', name: 'Room', memberCount: 2, lastSeq: 0, peer: null });
    expect(body.me).toMatchObject({ role: 'owner', unreadCount: 0 });
    const { body: seen } = await bob.call<Conversation>('GET', `/conversations/${body.id}`);
    expect(seen.me).toMatchObject({ role: 'member', unreadCount: 0 });
  });

  it('is not begun at all when one of its people is unknown', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const input = { type: 'group', name: 'Room', participantIds: [bob.id, randomUUID()] };
    expect((await alice.call('POST', '/conversations', input)).status).toBe(404);
    expect((await list(alice)).items).toEqual([]);
    expect((await list(bob)).items).toEqual([]);
  });

  it('is not begun with people who do not want to be added, and says by path who they are', async () => {
    const [alice, bob, shy] = [await app.person('alice'), await app.person('bob'), await app.person('shy')];
    await shy.call('PUT', '/users/profile', { privacy: { addToGroups: 'nobody' } });
    const { status, body } = await group(alice, [alice, bob, bob, shy]);
    expect(status).toBe(403);
    expect(body.errors?.map(({ path }) => path)).toEqual(['participantIds.3']);
    expect((await list(bob)).items).toEqual([]);
  });

  it('can be begun by who does not want to be added to groups', async () => {
    const shy = await app.person('shy');
    await shy.call('PUT', '/users/profile', { privacy: { addToGroups: 'nobody' } });
    expect((await group(shy, [])).status).toBe(201);
  });

  it('changes in the details given and keeps the others', async () => {
    const alice = await app.person('alice');
    const { body: room } = await group(alice, []);
    const update = (input: object) => alice.call<Conversation>('PUT', `/conversations/${room.id}`, input);
    expect((await update({ description: 'all of us' })).body).toMatchObject({ name: 'Room', description: 'all of us' });
    expect((await update({ name: 'Hall' })).body).toMatchObject({ name: 'Hall', description: 'all of us' });
    expect((await update({ description: null })).body).toMatchObject({ name: 'Hall', description: null });
    expect((await update({ name: null })).status).toBe(400);
    expect((await update({ name: '   ' })).status).toBe(400);
  });

  it('keeps every change of its details that is made at once', async () => {
    const alice = await app.person('alice');
    const { body: room } = await group(alice, []);
    const update = (input: object) => alice.call('PUT', `/conversations/${room.id}`, input);
    await Promise.all([update({ name: 'Hall' }), update({ description: 'all of us' })]);
    const { body } = await alice.call<Conversation>('GET', `/conversations/${room.id}`);
    expect(body).toMatchObject({ name: 'Hall', description: 'all of us', rev: 2 });
  });

  it.each([
    ['no name', { type: 'group', participantIds: [] }, 'name'],
    ['an empty name', { type: 'group', name: '', participantIds: [] }, 'name'],
    ['a name of spaces', { type: 'group', name: '   ', participantIds: [] }, 'name'],
    ['a name that nobody sees', { type: 'channel', name: '\u200b\u3164', participantIds: [] }, 'name'],
    ['no people at all', { type: 'group', name: 'x' }, 'participantIds'],
    ['a person who is no id', { type: 'group', name: 'x', participantIds: ['me'] }, 'participantIds.0'],
    ['a type that is none', { type: 'party', participantIds: [] }, 'type'],
    ['a field it does not know', { type: 'group', name: 'x', participantIds: [], tenantId: randomUUID() }, 'tenantId'],
  ])('refuses %s', async (_, input, path) => {
    const alice = await app.person('alice');
    const { status, body } = await alice.call<Problem>('POST', '/conversations', input);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });
});

describe('the list of conversations', () => {
  it('puts the one with the most recent message first', async () => {
    const alice = await app.person('alice');
    const rooms: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      rooms.unshift((await group(alice, [], name)).body.id);
      app.clock.advance(1_000);
    }
    const order = async () => (await list(alice)).items.map(({ id }) => id);
    expect(await order()).toEqual(rooms);
    const [three, two, one] = rooms;
    await say(alice, one ?? '', 'up');
    expect(await order()).toEqual([one, three, two]);
    expect((await list(alice)).items[0]?.lastMessage?.content).toBe('up');
  });

  it('pages through all of them once, though many were active in the same moment', async () => {
    const alice = await app.person('alice');
    const rooms = await Promise.all(Array.from({ length: 11 }, (_, index) => group(alice, [], `${index}`)));
    await app.sql('UPDATE conversations SET last_activity_at = $2 WHERE id = ANY ($1)', [
      rooms.slice(0, 8).map(({ body }) => body.id),
      new Date('2026-01-01T00:00:00.123Z'),
    ]);
    const seen: Conversation[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<Conversation> = await list(alice, `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ id }) => id)).toEqual((await list(alice)).items.map(({ id }) => id));
    expect(new Set(seen.map(({ id }) => id)).size).toBe(11);
  });

  it('does not repeat one that was shown when another moves up between two pages', async () => {
    const alice = await app.person('alice');
    const rooms: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      rooms.unshift((await group(alice, [])).body.id);
      app.clock.advance(1_000);
    }
    const first = await list(alice, '?limit=2');
    await say(alice, rooms[3] ?? '', 'up');
    const second = await list(alice, `?limit=2&cursor=${first.nextCursor}`);
    expect(first.items.map(({ id }) => id)).toEqual(rooms.slice(0, 2));
    expect(second.items.map(({ id }) => id)).toEqual([rooms[2]]);
  });

  it.each([
    ['garbage', 'garbage'],
    ['a time that is none', encodeCursor(['yesterday', randomUUID()])],
    ['a year that PostgreSQL does not know', encodeCursor(['0000-01-01T00:00:00.000Z', randomUUID()])],
    ['an id that is none', encodeCursor(['2026-01-01T00:00:00.000Z', 'x'])],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    const alice = await app.person('alice');
    const { body: room } = await group(alice, []);
    for (const path of ['/conversations', `/conversations/${room.id}/participants`, '/auth/sessions']) {
      const { status, body } = await alice.call<Problem>('GET', `${path}?cursor=${cursor}`);
      expect(status).toBe(400);
      expect(body.errors?.map((error) => error.path)).toEqual(['cursor']);
    }
  });

  it('reports as unread what a count over the history gives', async () => {
    const people = [await app.person('alice'), await app.person('bob'), await app.person('carol')];
    const [alice, bob, carol] = people as [Person, Person, Person];
    const { body: room } = await group(alice, [bob]);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => say(index % 3 ? alice : bob, room.id, `message ${index}`)),
    );
    await alice.call('POST', `/conversations/${room.id}/participants`, { userIds: [carol.id] });
    await Promise.all(Array.from({ length: 10 }, (_, index) => say(index % 2 ? bob : carol, room.id, `${index}`)));
    await bob.call('POST', '/messages/mark-read', { conversationId: room.id, seq: 17 });
    for (const person of people) {
      const { body } = await person.call<Conversation>('GET', `/conversations/${room.id}`);
      const { body: history } = await person.call<MessagePage>('GET', `/messages/${room.id}?limit=100`);
      const unread = history.items.filter(({ seq, senderId }) => seq > body.me.lastReadSeq && senderId !== person.id);
      expect(body.me.unreadCount).toBe(unread.length);
      expect((await list(person)).items[0]?.me.unreadCount).toBe(unread.length);
      expect(unread.length).toBeGreaterThan(0);
    }
  });

  it('ends parallel marks at the furthest of them', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const { body: chat } = await direct(alice, bob.id);
    for (let index = 0; index < 20; index += 1) await say(alice, chat.id, `${index}`);
    const seqs = Array.from({ length: 20 }, (_, index) => ((index * 7) % 20) + 1);
    await Promise.all(seqs.map((seq) => bob.call('POST', '/messages/mark-read', { conversationId: chat.id, seq })));
    const { body } = await bob.call<Conversation>('GET', `/conversations/${chat.id}`);
    expect(body.me).toMatchObject({ lastReadSeq: 20, unreadCount: 0 });
  });
});
