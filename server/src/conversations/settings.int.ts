import { randomUUID } from 'node:crypto';
import type { Conversation, MessagePage, Permissions, Problem, Role, UpdateConversation } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

type Answered = Conversation & Problem;
const begin = async (owner: Person, members: readonly Person[], type: 'group' | 'channel' = 'group') => {
  const participantIds = members.map(({ id }) => id);
  const { body } = await owner.call<Conversation>('POST', '/conversations', { type, name: 'Room', participantIds });
  return `/conversations/${body.id}`;
};
const set = (person: Person, path: string, input: UpdateConversation) => person.call<Answered>('PUT', path, input);
const look = async (person: Person, path: string) => (await person.call<Answered>('GET', path)).body;
const idOf = (path: string) => path.split('/')[2] ?? '';
const say = async (person: Person, path: string) =>
  (await person.call<Problem>('POST', '/messages', { conversationId: idOf(path), content: 'hello' })).status;
const history = async (person: Person, path: string) =>
  (await person.call<MessagePage>('GET', `/messages/${idOf(path)}?limit=100`)).body.items;
const give = (owner: Person, path: string, person: Person, role: Role) =>
  owner.call('PUT', `${path}/participants/${person.id}`, { role });

describe('settings', () => {
  it('change as asked, one by one or together, and the others stay', async () => {
    const alice = await app.person('alice');
    const path = await begin(alice, []);
    const before = await look(alice, path);
    expect((await set(alice, path, { slowModeSeconds: 30 })).body).toMatchObject({ slowModeSeconds: 30, name: 'Room' });
    const { body } = await set(alice, path, {
      name: 'Hall',
      joinPolicy: 'open',
      historyVisibility: 'joined',
      permissions: { pin: 'member' },
    });
    expect(body).toMatchObject({
      name: 'Hall',
      joinPolicy: 'open',
      historyVisibility: 'joined',
      slowModeSeconds: 30,
      permissions: { ...before.permissions, pin: 'member' },
    });
    expect((await set(alice, path, { permissions: { post: 'member' } })).body.permissions).toEqual({
      ...before.permissions,
      pin: 'member',
      post: 'member',
    });
    expect(await look(alice, path)).toMatchObject({ rev: 3, lastSeq: 0 });
  });

  it('that are as asked already are no change', async () => {
    const alice = await app.person('alice');
    const path = await begin(alice, []);
    const before = await look(alice, path);
    for (const input of [{}, { name: 'Room' }, { permissions: {} }, { messageTtl: null }, { joinPolicy: 'invite' }]) {
      expect((await alice.call('PUT', path, input)).body).toEqual(before);
    }
  });

  it.each([
    [{ messageTtl: 4 }, 'messageTtl'],
    [{ messageTtl: 31_622_401 }, 'messageTtl'],
    [{ slowModeSeconds: 21_601 }, 'slowModeSeconds'],
    [{ slowModeSeconds: null }, 'slowModeSeconds'],
    [{ joinPolicy: 'closed' }, 'joinPolicy'],
    [{ permissions: { post: 'nobody' } }, 'permissions.post'],
    [{ permissions: { fly: 'member' } }, 'permissions.fly'],
    [{ permissions: null }, 'permissions'],
    [{ type: 'channel' }, 'type'],
  ])('refuse %j and name where', async (input, path) => {
    const alice = await app.person('alice');
    const { status, body } = await alice.call<Problem>('PUT', await begin(alice, []), input);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });

  it('are nothing a stranger can tell from those of nothing', async () => {
    const [alice, mallory] = [await app.person('alice'), await app.person('mallory')];
    const path = await begin(alice, []);
    const input = { joinPolicy: 'open' as const };
    const unknown = await set(mallory, `/conversations/${randomUUID()}`, input);
    expect(unknown.status).toBe(404);
    expect(sameBut(await set(mallory, path, input))).toEqual(sameBut(unknown));
  });
});

describe('permissions', () => {
  let owner: Person;
  let admin: Person;
  let moderator: Person;
  let path: string;
  beforeAll(async () => {
    [owner, admin, moderator] = [await app.person('owner'), await app.person('admin'), await app.person('moderator')];
    path = await begin(owner, [admin, moderator]);
    await give(owner, path, admin, 'admin');
    await give(owner, path, moderator, 'moderator');
    await set(owner, path, { permissions: { removeParticipants: 'owner', editDetails: 'moderator' } });
  });

  it.each<[Partial<Permissions>, number]>([
    [{ pin: 'admin' }, 200],
    [{ pin: 'owner' }, 403],
    [{ pin: 'admin', post: 'owner' }, 403],
    [{ removeParticipants: 'admin' }, 403],
    [{ removeParticipants: 'owner' }, 200],
  ])('are set by an admin as far as their own reach goes: %j %i', async (permissions, expected) => {
    const before = await look(owner, path);
    expect((await set(admin, path, { permissions })).status).toBe(expected);
    const after = await look(owner, path);
    expect(after.permissions).toEqual(
      expected === 200 ? { ...before.permissions, ...permissions } : before.permissions,
    );
  });

  it('let someone edit the details who cannot change what decides about others', async () => {
    expect((await set(moderator, path, { name: 'Hall', messageTtl: 60 })).status).toBe(200);
    for (const input of [{ permissions: { pin: 'guest' } }, { joinPolicy: 'open' }, { slowModeSeconds: 1 }]) {
      const { status, body } = await moderator.call<Problem>('PUT', path, { name: 'Mine', ...input });
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
    expect(await look(owner, path)).toMatchObject({ name: 'Hall', joinPolicy: 'invite', slowModeSeconds: 0 });
  });

  it('decide at once who may write, for those who are there and those who come', async () => {
    const [alice, bob, carol] = [await app.person('alice'), await app.person('bob'), await app.person('carol')];
    const room = await begin(alice, [bob]);
    expect(await say(bob, room)).toBe(201);
    await set(alice, room, { permissions: { post: 'moderator' } });
    expect([await say(alice, room), await say(bob, room)]).toEqual([201, 403]);
    await alice.call('POST', `${room}/participants`, { userIds: [carol.id] });
    expect(await say(carol, room)).toBe(403);
    await give(alice, room, carol, 'moderator');
    expect(await say(carol, room)).toBe(201);
    await set(alice, room, { permissions: { post: 'member' } });
    await give(alice, room, bob, 'guest');
    expect([await say(bob, room), await say(carol, room)]).toEqual([403, 201]);
    await set(alice, room, { permissions: { post: 'guest' } });
    expect(await say(bob, room)).toBe(201);
  });

  it('of a channel let few write and all read', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const channel = await begin(alice, [bob], 'channel');
    expect([await say(alice, channel), await say(bob, channel)]).toEqual([201, 403]);
    expect((await history(bob, channel)).map(({ content }) => content)).toEqual(['hello']);
    expect(await look(bob, channel)).toMatchObject({ type: 'channel', me: { role: 'member', unreadCount: 1 } });
    await give(alice, channel, bob, 'admin');
    expect(await say(bob, channel)).toBe(201);
  });
});

describe('slow mode', () => {
  it('makes members wait, and nobody above them', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const path = await begin(alice, [bob]);
    await set(alice, path, { slowModeSeconds: 60 });
    expect([await say(bob, path), await say(bob, path)]).toEqual([201, 429]);
    expect([await say(alice, path), await say(alice, path)]).toEqual([201, 201]);
    app.clock.advance(60_000);
    expect(await say(bob, path)).toBe(201);
    await set(alice, path, { slowModeSeconds: 0 });
    expect(await say(bob, path)).toBe(201);
  });
});

describe('the time after which messages disappear', () => {
  it('is told in the conversation, once for each change', async () => {
    const alice = await app.person('alice');
    const path = await begin(alice, []);
    for (const messageTtl of [60, 60, null]) await set(alice, path, { messageTtl });
    expect((await history(alice, path)).map(({ metadata }) => metadata)).toEqual([
      { event: 'message_ttl_changed', messageTtl: 60 },
      { event: 'message_ttl_changed', messageTtl: null },
    ]);
    expect(await look(alice, path)).toMatchObject({ messageTtl: null, rev: 4, lastSeq: 2 });
  });

  it('is all that a direct conversation can be set to, by either of the two', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const input = { type: 'direct', participantIds: [bob.id] };
    const path = `/conversations/${(await alice.call<Conversation>('POST', '/conversations', input)).body.id}`;
    for (const [person, messageTtl] of [[alice, 60] as const, [bob, 3_600] as const]) {
      expect((await set(person, path, { messageTtl })).body).toMatchObject({ messageTtl });
    }
    for (const more of [{ name: 'Ours' }, { messageTtl: 5, joinPolicy: 'open' as const }, { slowModeSeconds: 1 }]) {
      const { status, body } = await set(bob, path, more);
      expect([status, body.code]).toEqual([409, 'direct_conversation']);
    }
    expect(await look(alice, path)).toMatchObject({ messageTtl: 3_600 });
  });
});
