import { randomUUID } from 'node:crypto';
import type { Ban, Conversation, MessagePage, Page, Participant, Problem, Role } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';

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
async function room(...members: readonly Person[]): Promise<Room> {
  const owner = await app.person('owner');
  const participantIds = members.map(({ id }) => id);
  const input = { type: 'group', name: 'Room', participantIds };
  const { body } = await owner.call<Conversation>('POST', '/conversations', input);
  return { id: body.id, path: `/conversations/${body.id}`, owner };
}
const give = ({ owner, path }: Room, person: Person, role: Role) =>
  owner.call('PUT', `${path}/participants/${person.id}`, { role });
const mute = (by: Person, { path }: Room, person: { id: string }, until: string | null) =>
  by.call<Participant & Problem>('PUT', `${path}/participants/${person.id}/mute`, { until });
const ban = (by: Person, { path }: Room, person: { id: string }, reason?: string) =>
  by.call<Ban & Problem>('POST', `${path}/bans/${person.id}`, reason === undefined ? {} : { reason });
const lift = (by: Person, { path }: Room, person: { id: string }) =>
  by.call<Problem>('DELETE', `${path}/bans/${person.id}`);
const bans = async (by: Person, { path }: Room, query = '') =>
  (await by.call<Page<Ban>>('GET', `${path}/bans${query}`)).body;
const add = (by: Person, { path }: Room, ...people: { id: string }[]) =>
  by.call<Problem>('POST', `${path}/participants`, { userIds: people.map(({ id }) => id) });
const say = async (person: Person, { id }: Room) =>
  (await person.call<Problem>('POST', '/messages', { conversationId: id, content: 'hello' })).body.code ?? 'sent';
const notices = async (person: Person, { id }: Room) =>
  (await person.call<MessagePage>('GET', `/messages/${id}?limit=100`)).body.items.map(({ metadata }) => metadata);
const memberIds = async (person: Person, { path }: Room) =>
  (await person.call<Page<Participant>>('GET', `${path}/participants?limit=100`)).body.items.map(
    ({ userId }) => userId,
  );
const soon = () => new Date(app.clock.now().getTime() + 300_000).toISOString();

describe('a muted member', () => {
  it('reads on but does not write, until the time is over', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    const until = soon();
    const { status, body } = await mute(here.owner, here, bob, until);
    expect(status).toBe(200);
    expect(body).toMatchObject({ userId: bob.id, silencedUntil: until });
    expect(await say(bob, here)).toBe('silenced');
    expect(await notices(bob, here)).toEqual([{ event: 'participant_muted', userId: bob.id, until }]);
    expect((await bob.call<Conversation>('GET', here.path)).body.me.silencedUntil).toBe(until);
    app.clock.advance(300_001);
    expect(await say(bob, here)).toBe('sent');
  });

  it('writes again when somebody lifts it, which is said once', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    const until = soon();
    for (const time of [until, until, null, null]) await mute(here.owner, here, bob, time);
    expect(await say(bob, here)).toBe('sent');
    expect((await notices(bob, here)).slice(0, -1)).toEqual([
      { event: 'participant_muted', userId: bob.id, until },
      { event: 'participant_muted', userId: bob.id, until: null },
    ]);
  });

  it('does not write again by leaving and coming back', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    await mute(here.owner, here, bob, soon());
    await bob.call('POST', `${here.path}/leave`);
    await add(here.owner, here, bob);
    expect(await say(bob, here)).toBe('silenced');
  });

  it('is muted until a time that is still to come', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    const { status, body } = await mute(here.owner, here, bob, app.clock.now().toISOString());
    expect(status).toBe(400);
    expect(body.errors?.map(({ path }) => path)).toEqual(['until']);
  });
});

describe('a banned person', () => {
  it('is out, and comes back only when the ban is lifted', async () => {
    const [bob, carol] = [await app.person('bob'), await app.person('carol')];
    const here = await room(bob);
    const { status, body } = await ban(here.owner, here, bob, 'spam');
    expect(status).toBe(201);
    expect(body).toMatchObject({ user: { id: bob.id }, bannedBy: here.owner.id, reason: 'spam' });
    expect((await bob.call('GET', here.path)).status).toBe(404);
    expect(await notices(here.owner, here)).toEqual([{ event: 'participant_banned', userId: bob.id }]);
    expect((await here.owner.call<Conversation>('GET', here.path)).body.memberCount).toBe(1);

    const refused = await add(here.owner, here, carol, bob);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect(refused.body.errors?.map(({ path }) => path)).toEqual(['userIds.1']);
    expect(await memberIds(here.owner, here)).toEqual([here.owner.id]);

    expect((await lift(here.owner, here, bob)).status).toBe(204);
    expect((await add(here.owner, here, bob)).status).toBe(201);
    expect((await bans(here.owner, here)).items).toEqual([]);
  });

  it('can be kept out before they have ever been in, of which nobody is told', async () => {
    const bob = await app.person('bob');
    const here = await room();
    expect((await ban(here.owner, here, bob)).status).toBe(201);
    expect((await add(here.owner, here, bob)).status).toBe(403);
    expect(await notices(here.owner, here)).toEqual([]);
  });

  it('is banned once: the first ban stands', async () => {
    const bob = await app.person('bob');
    const here = await room(bob);
    const [first, second] = [await ban(here.owner, here, bob, 'first'), await ban(here.owner, here, bob, 'second')];
    expect(second.body).toEqual(first.body);
    expect((await bans(here.owner, here)).items).toEqual([first.body]);
  });

  it('must be somebody', async () => {
    const [gone, other] = [await app.person('gone'), await app.person('other')];
    const here = await room();
    await gone.call('DELETE', '/users/profile', { password: PASSWORD });
    for (const person of [gone, { id: randomUUID() }]) expect((await ban(here.owner, here, person)).status).toBe(404);
    expect((await lift(here.owner, here, other)).status).toBe(404);
  });

  it('is listed oldest first, a page at a time', async () => {
    const people = [await app.person('one'), await app.person('two'), await app.person('three')];
    const here = await room(...people);
    for (const person of people) await ban(here.owner, here, person);
    const first = await bans(here.owner, here, '?limit=2');
    const rest = await bans(here.owner, here, `?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map(({ user }) => user.id)).toEqual(people.map(({ id }) => id));
    expect(rest.nextCursor).toBeNull();
    expect((await here.owner.call('GET', `${here.path}/bans?cursor=garbage`)).status).toBe(400);
  });

  it('is not in, whether they are added or banned first', async () => {
    const bob = await app.person('bob');
    const here = await room();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([ban(here.owner, here, bob), add(here.owner, here, bob)]);
      expect(await memberIds(here.owner, here)).toEqual([here.owner.id]);
      await lift(here.owner, here, bob);
    }
  });
});

describe('acting against others', () => {
  const ROLES: readonly Role[] = ['owner', 'admin', 'moderator', 'member', 'guest'];
  const MAY: Readonly<Record<Role, readonly Role[]>> = {
    owner: ROLES,
    admin: ['moderator', 'member', 'guest'],
    moderator: ['member', 'guest'],
    member: [],
    guest: [],
  };

  it.each(ROLES)('is for who stands higher, as %s', async (role) => {
    const actor = await app.person(role);
    const here = await room(actor);
    await give(here, actor, role);
    for (const other of ROLES) {
      const target = await app.person(`target-${other}`);
      await add(here.owner, here, target);
      await give(here, target, other);
      const isAllowed = MAY[role].includes(other);
      expect([role, other, (await mute(actor, here, target, soon())).status]).toEqual([
        role,
        other,
        isAllowed ? 200 : 403,
      ]);
      expect([role, other, (await ban(actor, here, target)).status]).toEqual([role, other, isAllowed ? 201 : 403]);
      expect((await memberIds(here.owner, here)).includes(target.id)).toBe(!isAllowed);
    }
    const isModerator = MAY[role].length > 0;
    expect((await actor.call('GET', `${here.path}/bans`)).status).toBe(isModerator ? 200 : 403);
    expect((await lift(actor, here, { id: randomUUID() })).status).toBe(isModerator ? 404 : 403);
  });

  it('is not for oneself, so that the last owner stays', async () => {
    const here = await room();
    expect((await ban(here.owner, here, here.owner)).status).toBe(403);
    expect((await mute(here.owner, here, here.owner, soon())).status).toBe(403);
    expect(await memberIds(here.owner, here)).toEqual([here.owner.id]);
  });

  it.each(['a stranger', 'a banned member'] as const)('is answered to %s as if there were nothing', async (who) => {
    const [mallory, bob] = [await app.person('mallory'), await app.person('bob')];
    const here = await room(bob, ...(who === 'a stranger' ? [] : [mallory]));
    if (who !== 'a stranger') await ban(here.owner, here, mallory);
    const nowhere = { ...here, path: `/conversations/${randomUUID()}` };
    const attempts = (where: Room) => [
      mute(mallory, where, bob, null),
      ban(mallory, where, bob),
      lift(mallory, where, bob),
      mallory.call<Problem>('GET', `${where.path}/bans`),
      mallory.call<Problem>('POST', `${where.path}/transfer`, { userId: bob.id }),
    ];
    const [real, unknown] = [await Promise.all(attempts(here)), await Promise.all(attempts(nowhere))];
    expect(real.map(({ status }) => status)).toEqual(real.map(() => 404));
    expect(real.map(sameBut)).toEqual(unknown.map(sameBut));
  });
});
