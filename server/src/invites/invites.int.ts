import { randomUUID } from 'node:crypto';
import type {
  Conversation,
  CreateConversation,
  Invite,
  InvitePreview,
  JoinRequest,
  JoinResult,
  MessagePage,
  Page,
  Participant,
  Problem,
  Role,
} from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  PASSWORD,
  type Person,
  sameBut,
  startTestApp,
  type TestApp,
} from '../platform/testing/test-app.js';
import { connectSocket } from '../platform/testing/test-socket.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Room {
  readonly id: string;
  readonly path: string;
  readonly owner: Person;
}
async function room(settings: Partial<CreateConversation> = {}, ...members: readonly Person[]): Promise<Room> {
  const owner = await app.person('owner');
  const participantIds = members.map(({ id }) => id);
  const input = { type: 'group', name: 'Room', participantIds, ...settings };
  const { body } = await owner.call<Conversation>('POST', '/conversations', input);
  return { id: body.id, path: `/conversations/${body.id}`, owner };
}
const invite = async (by: Person, { path }: Room, input: object = {}) =>
  (await by.call<Invite & Problem>('POST', `${path}/invites`, input)).body;
const join = (person: Person, { path }: { path: string }, code?: string) =>
  person.call<JoinResult & Omit<Problem, 'status'>>('POST', `${path}/join`, code === undefined ? {} : { code });
const preview = (person: Person, code: string) => person.call<InvitePreview & Problem>('GET', `/invites/${code}`);
const requests = async (by: Person, { path }: Room) =>
  (await by.call<Page<JoinRequest>>('GET', `${path}/requests`)).body.items.map(({ user }) => user.id);
const approve = (by: Person, { path }: Room, person: { id: string }) =>
  by.call<Participant & Problem>('PUT', `${path}/requests/${person.id}`);
const decline = (by: Person, { path }: Room, person: { id: string }) =>
  by.call<Problem>('DELETE', `${path}/requests/${person.id}`);
const ban = ({ owner, path }: Room, person: Person) => owner.call('POST', `${path}/bans/${person.id}`, {});
const memberIds = async ({ owner, path }: Room) =>
  (await owner.call<Page<Participant>>('GET', `${path}/participants?limit=100`)).body.items.map(({ userId }) => userId);
const people = (...names: string[]) => Promise.all(names.map((name) => app.person(name)));
const nowhere = () => ({ path: `/conversations/${randomUUID()}` });
/** Answers of different kinds, side by side. */
const comparable = (answers: readonly Answer<object>[]) => answers.map((answer) => sameBut(answer));
const NO_CODE = 'A'.repeat(43);

describe('an invite', () => {
  it('shows who holds it what it leads to, and lets them in', async () => {
    const bob = await app.person('bob');
    const here = await room({ description: 'all of us' });
    const { code } = await invite(here.owner, here);
    expect(code).toMatch(/^[\w-]{43}$/);
    const shown = {
      conversationId: here.id,
      type: 'group',
      name: 'Room',
      description: 'all of us',
      avatarUrl: null,
      memberCount: 1,
      requiresApproval: false,
      isMember: false,
    };
    expect((await preview(bob, code)).body).toEqual(shown);
    const { status, body } = await join(bob, here, code);
    expect([status, body.status]).toEqual([200, 'joined']);
    expect(body.conversation).toMatchObject({ id: here.id, memberCount: 2, me: { role: 'member', unreadCount: 0 } });
    expect((await preview(bob, code)).body).toEqual({ ...shown, memberCount: 2, isMember: true });
  });

  it('says in the conversation and to everyone in it who has come', async () => {
    const bob = await app.person('bob');
    const here = await room();
    const sockets = [
      await connectSocket(app.url, here.owner.accessToken),
      await connectSocket(app.url, bob.accessToken),
    ];
    await join(bob, here, (await invite(here.owner, here)).code);
    const [hers, his] = sockets;
    const notice = await hers?.hears('new_message');
    expect(notice).toMatchObject({ senderId: bob.id, metadata: { event: 'participant_joined', userId: bob.id } });
    expect(await hers?.hears('participant_joined')).toMatchObject({ participant: { userId: bob.id } });
    expect(await his?.hears('conversation_updated')).toMatchObject({ id: here.id, memberCount: 2 });
    await here.owner.call('POST', '/messages', { conversationId: here.id, content: 'welcome' });
    await his?.hears('new_message', ({ content }) => content === 'welcome');
    for (const socket of sockets) socket.close();
  });

  it('lets in exactly as many as it says, of twenty who come at once', async () => {
    const crowd = await people(...Array.from({ length: 20 }, (_, index) => `p${index}`));
    const here = await room();
    const { code } = await invite(here.owner, here, { maxUses: 5 });
    const answers = await Promise.all(crowd.map((person) => join(person, here, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(15);
    expect(await memberIds(here)).toHaveLength(6);
    const { body } = await here.owner.call<Page<Invite>>('GET', `${here.path}/invites`);
    expect(body.items).toMatchObject([{ uses: 5, maxUses: 5 }]);
  });

  it('is used once by a person who comes many times at once, and not at all by a member', async () => {
    const bob = await app.person('bob');
    const here = await room();
    const { code } = await invite(here.owner, here, { maxUses: 2 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => join(bob, here, code)));
    expect(answers.map(({ body }) => body.status)).toEqual(answers.map(() => 'joined'));
    await join(here.owner, here, code);
    const { body } = await here.owner.call<Page<Invite>>('GET', `${here.path}/invites`);
    expect(body.items).toMatchObject([{ uses: 1 }]);
    expect(await memberIds(here)).toHaveLength(2);
  });

  it('that cannot be used is answered alike, whatever the reason', async () => {
    const [bob, carol] = (await people('bob', 'carol')) as [Person, Person];
    const here = await room();
    const other = await room();
    const [used, revoked, expired, foreign] = [
      await invite(here.owner, here, { maxUses: 1 }),
      await invite(here.owner, here),
      await invite(here.owner, here, { expiresAt: new Date(app.clock.now().getTime() + 1_000).toISOString() }),
      await invite(here.owner, here),
    ];
    await join(carol, here, used.code);
    await here.owner.call('DELETE', `${here.path}/invites/${revoked.id}`);
    app.clock.advance(1_000);
    await app.sql('UPDATE invites SET tenant_id = $2 WHERE id = $1', [foreign.id, randomUUID()]);

    const unknown = [await preview(bob, NO_CODE), await join(bob, nowhere(), NO_CODE)];
    expect(unknown.map(({ status }) => status)).toEqual([404, 404]);
    for (const { code } of [used, revoked, expired, foreign]) {
      expect(comparable([await preview(bob, code), await join(bob, here, code)])).toEqual(comparable(unknown));
    }
    const { code } = await invite(other.owner, other);
    const elsewhere = [await join(bob, here, code), await join(bob, here, NO_CODE), await join(bob, here)];
    expect(comparable(elsewhere)).toEqual(
      comparable([unknown, unknown, unknown].flatMap(([, joined]) => joined ?? [])),
    );
    expect((await preview(bob, 'short')).status).toBe(400);
    expect((await join(bob, here, 'short')).status).toBe(400);
  });

  it('is listed with its code until it is revoked, a page at a time', async () => {
    const here = await room();
    const made = [await invite(here.owner, here), await invite(here.owner, here, { maxUses: 3 })];
    made.push(await invite(here.owner, here, { requiresApproval: true }));
    const list = async (query = '') =>
      (await here.owner.call<Page<Invite>>('GET', `${here.path}/invites${query}`)).body;
    const first = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items]).toEqual(made);
    const path = `${here.path}/invites/${made[1]?.id}`;
    expect((await here.owner.call('DELETE', path)).status).toBe(204);
    expect((await here.owner.call('DELETE', path)).status).toBe(404);
    expect((await list()).items).toEqual([made[0], made[2]]);
    expect((await here.owner.call('GET', `${here.path}/invites?cursor=garbage`)).status).toBe(400);
  });

  it.each([
    [{ maxUses: 0 }, 'maxUses'],
    [{ maxUses: 100_001 }, 'maxUses'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ code: NO_CODE }, 'code'],
  ])('is refused with %j', async (input, path) => {
    const here = await room();
    const { errors } = await invite(here.owner, here, input);
    expect(errors?.map((error) => error.path)).toEqual([path]);
  });

  it('is not for direct conversations', async () => {
    const [alice, bob] = (await people('alice', 'bob')) as [Person, Person];
    const input = { type: 'direct', participantIds: [bob.id] };
    const path = `/conversations/${(await alice.call<Conversation>('POST', '/conversations', input)).body.id}`;
    for (const answer of [await alice.call<Problem>('POST', `${path}/invites`, {}), await join(alice, { path })]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'direct_conversation']);
    }
  });
});

describe('an open conversation', () => {
  it('takes in who comes without a code, as often as they leave', async () => {
    const bob = await app.person('bob');
    const here = await room({ joinPolicy: 'open' });
    for (let round = 0; round < 2; round += 1) {
      expect((await join(bob, here)).body.status).toBe('joined');
      expect(await memberIds(here)).toContain(bob.id);
      await bob.call('POST', `${here.path}/leave`);
    }
    await here.owner.call('PUT', here.path, { joinPolicy: 'invite' });
    expect((await join(bob, here)).status).toBe(404);
  });
});

describe('who is banned', () => {
  it('is told so by every way in, and comes in again once it is lifted', async () => {
    const bob = await app.person('bob');
    const here = await room({ joinPolicy: 'open' }, bob);
    const { code } = await invite(here.owner, here);
    await ban(here, bob);
    for (const answer of [await join(bob, here), await join(bob, here, code), await preview(bob, code)]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'banned']);
    }
    expect(await memberIds(here)).toEqual([here.owner.id]);
    await here.owner.call('DELETE', `${here.path}/bans/${bob.id}`);
    expect((await join(bob, here, code)).body.status).toBe('joined');
  });

  it('learns nothing of a conversation that they have no way into', async () => {
    const bob = await app.person('bob');
    const here = await room({}, bob);
    await ban(here, bob);
    for (const code of [undefined, NO_CODE]) {
      expect(sameBut(await join(bob, here, code))).toEqual(sameBut(await join(bob, nowhere(), code)));
    }
  });
});

describe('a full conversation', () => {
  it('lets nobody in and takes no use of the invite', async () => {
    const bob = await app.person('bob');
    const here = await room({ joinPolicy: 'open' });
    const { code } = await invite(here.owner, here);
    await app.sql('UPDATE conversations SET member_count = 10000 WHERE id = $1', [here.id]);
    for (const answer of [await join(bob, here), await join(bob, here, code)]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'conversation_full']);
    }
    const { body } = await here.owner.call<Page<Invite>>('GET', `${here.path}/invites`);
    expect(body.items).toMatchObject([{ uses: 0 }]);
  });
});

describe('a request to be let in', () => {
  it.each([
    ['the conversation', { joinPolicy: 'approval' as const }, {}],
    ['the invite', {}, { requiresApproval: true }],
  ])('is made where %s asks for an approval, and leads in once it is given', async (_, settings, terms) => {
    const bob = await app.person('bob');
    const here = await room(settings);
    const { code, id } = await invite(here.owner, here, { ...terms, maxUses: 2 });
    for (let round = 0; round < 2; round += 1) {
      expect((await join(bob, here, code)).body).toEqual({ status: 'requested', conversation: null });
    }
    expect((await bob.call('GET', here.path)).status).toBe(404);
    const { body: page } = await here.owner.call<Page<JoinRequest>>('GET', `${here.path}/requests`);
    expect(page.items).toMatchObject([{ user: { id: bob.id }, inviteId: id }]);
    const { body: listed } = await here.owner.call<Page<Invite>>('GET', `${here.path}/invites`);
    expect(listed.items).toMatchObject([{ uses: 1 }]);

    const { status, body } = await approve(here.owner, here, bob);
    expect([status, body.userId, body.role]).toEqual([200, bob.id, 'member']);
    expect(await requests(here.owner, here)).toEqual([]);
    expect((await approve(here.owner, here, bob)).status).toBe(404);
    const { body: history } = await bob.call<MessagePage>('GET', `/messages/${here.id}`);
    expect(history.items).toMatchObject([
      { senderId: here.owner.id, metadata: { event: 'participant_joined', userId: bob.id } },
    ]);
  });

  it('ends when it is declined or withdrawn, and can be made again', async () => {
    const bob = await app.person('bob');
    const here = await room({ joinPolicy: 'approval' });
    const { code } = await invite(here.owner, here);
    for (const by of [here.owner, bob]) {
      await join(bob, here, code);
      expect(await requests(here.owner, here)).toEqual([bob.id]);
      expect((await decline(by, here, bob)).status).toBe(204);
      expect(await requests(here.owner, here)).toEqual([]);
      expect((await approve(here.owner, here, bob)).status).toBe(404);
      expect((await decline(by, here, bob)).status).toBe(404);
    }
  });

  it('does not use up an invite that others hold when it comes to nothing', async () => {
    const [bob, carol] = (await people('bob', 'carol')) as [Person, Person];
    const here = await room({});
    const { code } = await invite(here.owner, here, { maxUses: 1, requiresApproval: true });
    for (const by of [bob, here.owner, bob]) {
      expect((await join(bob, here, code)).body).toMatchObject({ status: 'requested' });
      expect((await decline(by, here, bob)).status).toBe(204);
    }
    expect((await join(carol, here, code)).body).toMatchObject({ status: 'requested' });
    expect((await join(bob, here, code)).status).toBe(404);
  });

  it('keeps the use it took for who asks again, and for coming in once nobody has to let them', async () => {
    const [bob, carol] = (await people('bob', 'carol')) as [Person, Person];
    const here = await room({ joinPolicy: 'approval' });
    const { code } = await invite(here.owner, here, { maxUses: 1 });
    for (let round = 0; round < 2; round += 1) {
      expect((await join(bob, here, code)).body).toEqual({ status: 'requested', conversation: null });
    }
    expect((await preview(bob, code)).status).toBe(200);
    expect([(await preview(carol, code)).status, (await join(carol, here, code)).status]).toEqual([404, 404]);
    await here.owner.call('PUT', here.path, { joinPolicy: 'invite' });
    expect((await join(carol, here, code)).status).toBe(404);
    app.clock.advance(1);
    expect((await join(bob, here, code)).body).toMatchObject({ status: 'joined' });
    await bob.call('POST', `${here.path}/leave`);
    expect((await join(bob, here, code)).status).toBe(404);
    const { body: listed } = await here.owner.call<Page<Invite>>('GET', `${here.path}/invites`);
    expect(listed.items).toMatchObject([{ uses: 1 }]);
  });

  it('is settled by being added, banned, or closing the account', async () => {
    const crowd = (await people('added', 'banned', 'closed')) as [Person, Person, Person];
    const [added, banned, closed] = crowd;
    const here = await room({ joinPolicy: 'approval' });
    const { code } = await invite(here.owner, here);
    for (const person of crowd) await join(person, here, code);
    expect(await requests(here.owner, here)).toEqual(crowd.map(({ id }) => id));
    app.clock.advance(1);
    await here.owner.call('POST', `${here.path}/participants`, { userIds: [added.id] });
    await added.call('POST', `${here.path}/leave`);
    await ban(here, banned);
    await closed.call('DELETE', '/users/profile', { password: PASSWORD });
    expect(await requests(here.owner, here)).toEqual([]);
    for (const person of crowd) expect((await approve(here.owner, here, person)).status).toBe(404);
    expect(await memberIds(here)).toEqual([here.owner.id]);
  });

  it('leads in once, however many approve and decline at once', async () => {
    const bob = await app.person('bob');
    const here = await room({ joinPolicy: 'approval' });
    await join(bob, here, (await invite(here.owner, here)).code);
    const acts = Array.from({ length: 10 }, (_, index) => (index % 2 ? decline : approve)(here.owner, here, bob));
    const statuses = (await Promise.all(acts)).map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    expect((await memberIds(here)).includes(bob.id)).toBe(statuses.includes(200));
  });
});

describe('managing who comes in', () => {
  it.each<[Role, boolean]>([
    ['owner', true],
    ['admin', true],
    ['moderator', false],
    ['member', false],
    ['guest', false],
  ])('is for who has the right to invite: %s %s', async (role, isAllowed) => {
    const [actor, bob] = (await people(role, 'bob')) as [Person, Person];
    const here = await room({ joinPolicy: 'approval' }, actor);
    await here.owner.call('PUT', `${here.path}/participants/${actor.id}`, { role });
    const { id, code } = await invite(here.owner, here);
    await join(bob, here, code);
    const statuses = [
      await actor.call('GET', `${here.path}/invites`),
      await actor.call('POST', `${here.path}/invites`, {}),
      await actor.call('DELETE', `${here.path}/invites/${id}`),
      await actor.call('GET', `${here.path}/requests`),
      await approve(actor, here, bob),
    ].map(({ status }) => status);
    expect(statuses).toEqual(isAllowed ? [200, 201, 204, 200, 200] : [403, 403, 403, 403, 403]);
    expect((await decline(actor, here, { id: randomUUID() })).status).toBe(isAllowed ? 404 : 403);
  });

  it.each(['a stranger', 'a removed member'] as const)('is answered to %s as if there were nothing', async (who) => {
    const [mallory, bob] = (await people('mallory', 'bob')) as [Person, Person];
    const here = await room({ joinPolicy: 'approval' }, ...(who === 'a stranger' ? [] : [mallory]));
    await here.owner.call('DELETE', `${here.path}/participants/${mallory.id}`);
    const { id, code } = await invite(here.owner, here);
    await join(bob, here, code);
    const attempts = (path: string) =>
      Promise.all([
        mallory.call<Problem>('GET', `${path}/invites`),
        mallory.call<Problem>('POST', `${path}/invites`, {}),
        mallory.call<Problem>('DELETE', `${path}/invites/${id}`),
        mallory.call<Problem>('GET', `${path}/requests`),
        mallory.call<Problem>('PUT', `${path}/requests/${bob.id}`),
        mallory.call<Problem>('DELETE', `${path}/requests/${bob.id}`),
        mallory.call<Problem>('DELETE', `${path}/requests/${mallory.id}`),
        mallory.call<Problem>('POST', `${path}/join`, {}),
      ]);
    const [real, unknown] = [await attempts(here.path), await attempts(nowhere().path)];
    expect(real.map(({ status }) => status)).toEqual(real.map(() => 404));
    expect(real.map(sameBut)).toEqual(unknown.map(sameBut));
  });
});
