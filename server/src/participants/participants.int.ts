import { randomUUID } from 'node:crypto';
import type { Conversation, Message, MessagePage, Page, Participant, Problem, Role } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

type Seat = 'owner' | 'admin' | 'member' | 'stranger';
interface Room {
  readonly id: string;
  readonly path: string;
  readonly owner: Person;
}

async function room(members: readonly Person[] = [], roles: readonly Role[] = []): Promise<Room> {
  const owner = await app.person('owner');
  const participantIds = members.map(({ id }) => id);
  const { body } = await owner.call<Conversation>('POST', '/conversations', {
    type: 'group',
    name: 'Room',
    participantIds,
  });
  const path = `/conversations/${body.id}`;
  for (const [index, role] of roles.entries()) {
    if (role !== 'member') await owner.call('PUT', `${path}/participants/${members[index]?.id}`, { role });
  }
  return { id: body.id, path, owner };
}

const add = (person: Person, { path }: Room, ...others: { id: string }[]) =>
  person.call<{ items: Participant[] } & Problem>('POST', `${path}/participants`, {
    userIds: others.map(({ id }) => id),
  });
const remove = (person: Person, { path }: Room, other: { id: string }) =>
  person.call<Problem>('DELETE', `${path}/participants/${other.id}`);
const setRole = (person: Person, { path }: Room, other: { id: string }, role: Role) =>
  person.call<Participant & Problem>('PUT', `${path}/participants/${other.id}`, { role });
const leave = (person: Person, { path }: Room) => person.call('POST', `${path}/leave`);
const members = async (person: Person, { path }: Room) => {
  const { body } = await person.call<Page<Participant>>('GET', `${path}/participants?limit=100`);
  return new Map(body.items.map(({ userId, role }) => [userId, role]));
};
const history = async (person: Person, { id }: Room) =>
  (await person.call<MessagePage>('GET', `/messages/${id}?limit=100`)).body.items;
const look = (person: Person, { path }: Room) => person.call<Conversation>('GET', path);

describe('what a role allows', () => {
  // One person of each role in one group, for all the attempts that change nothing or are put right again.
  let cast: Record<Seat, Person>;
  let here: Room;
  beforeAll(async () => {
    const [admin, member, stranger] = [
      await app.person('admin'),
      await app.person('member'),
      await app.person('stranger'),
    ];
    here = await room([admin, member], ['admin', 'member']);
    cast = { owner: here.owner, admin, member, stranger };
  });

  it.each<[Seat, number]>([
    ['owner', 201],
    ['admin', 201],
    ['member', 403],
    ['stranger', 404],
  ])('lets the %s add people: %i', async (seat, expected) => {
    const newcomer = await app.person('newcomer');
    const { status } = await add(cast[seat], here, newcomer);
    expect(status).toBe(expected);
    expect((await members(here.owner, here)).has(newcomer.id)).toBe(expected === 201);
    if (expected === 201) await remove(here.owner, here, newcomer);
  });

  it.each<[Seat, number]>([
    ['owner', 200],
    ['admin', 200],
    ['member', 403],
    ['stranger', 404],
  ])('lets the %s rename the group: %i', async (seat, expected) => {
    const { status } = await cast[seat].call('PUT', here.path, { name: `Room of the ${seat}` });
    expect(status).toBe(expected);
    expect((await look(here.owner, here)).body.name === `Room of the ${seat}`).toBe(expected === 200);
  });

  it.each<[Seat, Role, number]>([
    ['owner', 'owner', 204],
    ['owner', 'admin', 204],
    ['owner', 'member', 204],
    ['admin', 'owner', 403],
    ['admin', 'admin', 403],
    ['admin', 'member', 204],
    ['member', 'owner', 403],
    ['member', 'admin', 403],
    ['member', 'member', 403],
    ['stranger', 'member', 404],
  ])('lets the %s remove another %s: %i', async (seat, role, expected) => {
    const target = await app.person('target');
    await add(here.owner, here, target);
    await setRole(here.owner, here, target, role);
    expect((await remove(cast[seat], here, target)).status).toBe(expected);
    expect((await members(here.owner, here)).has(target.id)).toBe(expected !== 204);
    await remove(here.owner, here, target);
  });

  it.each<[Seat, Role, number]>([
    ['owner', 'owner', 200],
    ['owner', 'admin', 200],
    ['admin', 'admin', 403],
    ['admin', 'owner', 403],
    ['member', 'admin', 403],
    ['stranger', 'owner', 404],
  ])('lets the %s make a member %s: %i', async (seat, role, expected) => {
    const target = await app.person('target');
    await add(here.owner, here, target);
    expect((await setRole(cast[seat], here, target, role)).status).toBe(expected);
    expect((await members(here.owner, here)).get(target.id)).toBe(expected === 200 ? role : 'member');
    await remove(here.owner, here, target);
  });

  it.each(['admin', 'member'] as const)('does not let the %s raise themselves', async (seat) => {
    expect((await setRole(cast[seat], here, cast[seat], 'owner')).status).toBe(403);
  });

  it('does not let anyone remove themselves: that is leaving', async () => {
    for (const seat of ['owner', 'admin', 'member'] as const) {
      expect((await remove(cast[seat], here, cast[seat])).status).toBe(403);
    }
  });

  it('is asked before who is acted upon is looked up', async () => {
    const nobody = { id: randomUUID() };
    expect((await remove(cast.member, here, nobody)).status).toBe(403);
    expect((await setRole(cast.member, here, nobody, 'admin')).status).toBe(403);
    expect((await add(cast.member, here, nobody)).status).toBe(403);
    expect((await remove(cast.admin, here, nobody)).status).toBe(404);
    expect((await setRole(cast.owner, here, cast.stranger, 'admin')).status).toBe(404);
    expect((await add(cast.admin, here, nobody)).status).toBe(404);
  });
});

describe('ownership', () => {
  it('passes to the admin who has been there longest when the last owner leaves', async () => {
    const [first, late, early] = [await app.person('first'), await app.person('late'), await app.person('early')];
    const here = await room([first]);
    for (const person of [early, late]) {
      app.clock.advance(1_000);
      await add(here.owner, here, person);
    }
    await setRole(here.owner, here, late, 'admin');
    await setRole(here.owner, here, early, 'admin');
    expect((await leave(here.owner, here)).status).toBe(204);
    expect(await members(first, here)).toEqual(
      new Map([
        [first.id, 'member'],
        [early.id, 'owner'],
        [late.id, 'admin'],
      ]),
    );
  });

  it('passes to the member who has been there longest when there is no admin', async () => {
    const [late, early] = [await app.person('late'), await app.person('early')];
    const here = await room();
    for (const person of [early, late]) {
      app.clock.advance(1_000);
      await add(here.owner, here, person);
    }
    await leave(here.owner, here);
    expect((await members(late, here)).get(early.id)).toBe('owner');
  });

  it('counts the time from the last joining, not from the first', async () => {
    const [back, steady] = [await app.person('back'), await app.person('steady')];
    const here = await room([back]);
    app.clock.advance(1_000);
    await add(here.owner, here, steady);
    await leave(back, here);
    app.clock.advance(1_000);
    await add(here.owner, here, back);
    await leave(here.owner, here);
    expect((await members(steady, here)).get(steady.id)).toBe('owner');
  });

  it('stays where it is when one of two owners leaves', async () => {
    const [second, member] = [await app.person('second'), await app.person('member')];
    const here = await room([second, member], ['owner', 'member']);
    await leave(here.owner, here);
    expect(await members(second, here)).toEqual(
      new Map([
        [second.id, 'owner'],
        [member.id, 'member'],
      ]),
    );
  });

  it('cannot be laid down by the last owner, but by one of two', async () => {
    const second = await app.person('second');
    const here = await room([second]);
    expect((await setRole(here.owner, here, here.owner, 'member')).status).toBe(403);
    await setRole(here.owner, here, second, 'owner');
    expect((await setRole(here.owner, here, here.owner, 'member')).status).toBe(200);
    expect((await setRole(second, here, second, 'member')).status).toBe(403);
  });

  it('stays with one of two owners who put each other down at the same time', async () => {
    const second = await app.person('second');
    const here = await room([second]);
    for (let round = 0; round < 5; round += 1) {
      await setRole(here.owner, here, second, 'owner');
      await setRole(second, here, here.owner, 'owner');
      await Promise.all([setRole(here.owner, here, second, 'member'), setRole(second, here, here.owner, 'member')]);
      const roles = [...(await members(second, here)).values()];
      expect(roles.toSorted()).toEqual(['member', 'owner']);
    }
  });

  it('is handed over by an owner, who stays as admin', async () => {
    const [second, member] = [await app.person('second'), await app.person('member')];
    const here = await room([second, member]);
    const transfer = (person: Person, userId: string) =>
      person.call<Participant & Problem>('POST', `${here.path}/transfer`, { userId });
    expect((await transfer(second, member.id)).status).toBe(403);
    expect((await transfer(here.owner, here.owner.id)).status).toBe(400);
    expect((await transfer(here.owner, randomUUID())).status).toBe(404);
    const { status, body } = await transfer(here.owner, second.id);
    expect([status, body.userId, body.role]).toEqual([200, second.id, 'owner']);
    expect(await members(member, here)).toEqual(
      new Map([
        [here.owner.id, 'admin'],
        [second.id, 'owner'],
        [member.id, 'member'],
      ]),
    );
    expect((await transfer(here.owner, member.id)).status).toBe(403);
    expect((await history(member, here)).map(({ metadata }) => metadata)).toEqual([
      { event: 'role_changed', userId: second.id, role: 'owner' },
      { event: 'role_changed', userId: here.owner.id, role: 'admin' },
    ]);
  });

  it('goes to the other owner when one lays it down for them', async () => {
    const second = await app.person('second');
    const here = await room([second], ['owner']);
    const { body } = await here.owner.call<Participant>('POST', `${here.path}/transfer`, { userId: second.id });
    expect(body.role).toBe('owner');
    expect(await members(second, here)).toEqual(
      new Map([
        [here.owner.id, 'admin'],
        [second.id, 'owner'],
      ]),
    );
  });

  it('stays with somebody when all owners lay it down or leave at once', async () => {
    const owners = await Promise.all(['a', 'b', 'c', 'd'].map((name) => app.person(name)));
    const member = await app.person('member');
    const here = await room(
      [...owners, member],
      owners.map(() => 'owner'),
    );
    await Promise.all([
      ...owners.map((owner, index) => (index % 2 ? leave(owner, here) : setRole(owner, here, owner, 'member'))),
      leave(here.owner, here),
    ]);
    expect([...(await members(member, here)).values()]).toContain('owner');
  });

  it('ends with the group when the last person leaves', async () => {
    const here = await room();
    expect((await leave(here.owner, here)).status).toBe(204);
    expect((await look(here.owner, here)).status).toBe(404);
    expect((await here.owner.call<Page<Conversation>>('GET', '/conversations')).body.items).toEqual([]);
  });
});

describe('who has been removed', () => {
  const attempts = (id: string, other: string): [string, string, unknown?][] => [
    ['GET', `/conversations/${id}`],
    ['PUT', `/conversations/${id}`, { name: 'mine' }],
    ['GET', `/conversations/${id}/participants`],
    ['POST', `/conversations/${id}/participants`, { userIds: [other] }],
    ['PUT', `/conversations/${id}/participants/${other}`, { role: 'admin' }],
    ['DELETE', `/conversations/${id}/participants/${other}`],
    ['POST', `/conversations/${id}/leave`],
    ['GET', `/messages/${id}`],
    ['GET', `/messages/${id}?around=1`],
    ['POST', '/messages', { conversationId: id, content: 'still here' }],
    ['POST', '/messages/mark-read', { conversationId: id, seq: 1 }],
    ['POST', '/messages/mark-read', { conversationId: id, messageId: other }],
  ];

  it.each(['removed', 'left', 'never there'] as const)(
    'is told nothing more than of what never was (%s)',
    async (how) => {
      const person = await app.person('gone');
      const here = await room(how === 'never there' ? [] : [person]);
      if (how === 'removed') await remove(here.owner, here, person);
      if (how === 'left') await leave(person, here);
      const unknown = attempts(randomUUID(), here.owner.id);
      for (const [index, attempt] of attempts(here.id, here.owner.id).entries()) {
        const answer = await person.call<Problem>(...attempt);
        expect([attempt[1], answer.status]).toEqual([attempt[1], 404]);
        const other = unknown[index];
        if (other) expect(sameBut(answer)).toEqual(sameBut(await person.call<Problem>(...other)));
      }
      expect((await person.call<Page<Conversation>>('GET', '/conversations')).body.items).toEqual([]);
    },
  );

  it('comes back as a member with nothing unread', async () => {
    const person = await app.person('back');
    const here = await room([person], ['admin']);
    for (const content of ['one', 'two'])
      await here.owner.call('POST', '/messages', { conversationId: here.id, content });
    await remove(here.owner, here, person);
    await here.owner.call('POST', '/messages', { conversationId: here.id, content: 'three' });
    expect((await add(here.owner, here, person)).status).toBe(201);
    const { body } = await look(person, here);
    expect(body.memberCount).toBe(2);
    expect(body.me).toMatchObject({ role: 'member', unreadCount: 0, lastReadSeq: body.lastSeq });
    await here.owner.call('POST', '/messages', { conversationId: here.id, content: 'four' });
    expect((await look(person, here)).body.me.unreadCount).toBe(1);
  });
});

describe('adding people', () => {
  it('answers with those asked for, and leaves as they are who are there already', async () => {
    const [admin, newcomer] = [await app.person('admin'), await app.person('newcomer')];
    const here = await room([admin], ['admin']);
    const { status, body } = await add(here.owner, here, admin, newcomer, newcomer);
    expect(status).toBe(201);
    expect(body.items.map(({ userId, role }) => [userId, role])).toEqual([
      [admin.id, 'admin'],
      [newcomer.id, 'member'],
    ]);
    expect((await look(here.owner, here)).body.memberCount).toBe(3);
  });

  it('says nothing in the conversation when everyone is there already', async () => {
    const person = await app.person('there');
    const here = await room([person]);
    await add(here.owner, here, person, here.owner);
    expect(await history(here.owner, here)).toEqual([]);
  });

  it('brings in who wants to be added only by people they have written to, once they have', async () => {
    const choosy = await app.person('choosy');
    await choosy.call('PUT', '/users/profile', { privacy: { addToGroups: 'contacts' } });
    const here = await room();
    expect((await add(here.owner, here, choosy)).status).toBe(403);
    const input = { type: 'direct', participantIds: [choosy.id] };
    const { body: chat } = await here.owner.call<Conversation>('POST', '/conversations', input);
    await here.owner.call('POST', '/messages', { conversationId: chat.id, content: 'Come in' });
    expect((await add(here.owner, here, choosy)).status).toBe(403);
    await choosy.call('POST', '/messages', { conversationId: chat.id, content: 'Gladly' });
    expect((await add(here.owner, here, choosy)).status).toBe(201);
  });

  it('refuses who does not want to be added, by their place in what was asked, and adds nobody', async () => {
    const [there, willing, shy] = [await app.person('there'), await app.person('willing'), await app.person('shy')];
    await shy.call('PUT', '/users/profile', { privacy: { addToGroups: 'nobody' } });
    const here = await room([there]);
    const { status, body } = await add(here.owner, here, there, willing, willing, shy);
    expect(status).toBe(403);
    expect(body.code).toBe('forbidden');
    expect(body.errors?.map(({ path }) => path)).toEqual(['userIds.3']);
    expect((await members(here.owner, here)).has(willing.id)).toBe(false);
  });

  it('counts everyone once when the same people are added twenty times at once', async () => {
    const people = [await app.person('one'), await app.person('two')];
    const here = await room();
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(here.owner, here, ...people)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect((await look(here.owner, here)).body).toMatchObject({ memberCount: 3, lastSeq: 1 });
  });

  it('keeps the count right while people come and go at once', async () => {
    const people = await Promise.all(['a', 'b', 'c', 'd'].map((name) => app.person(name)));
    const here = await room(people);
    await Promise.all(
      people.flatMap((person) => [
        leave(person, here),
        add(here.owner, here, person),
        remove(here.owner, here, person),
      ]),
    );
    const { body } = await look(here.owner, here);
    expect(body.memberCount).toBe((await members(here.owner, here)).size);
    const notices = await history(here.owner, here);
    expect(notices.map(({ seq }) => seq)).toEqual(notices.map((_, index) => index + 1));
    expect(body.lastSeq).toBe(notices.length);
  });
});

describe('what the conversation is told', () => {
  it('is a message of its own for each change, in order and without holes', async () => {
    const [bob, carol] = [await app.person('bob'), await app.person('carol')];
    const here = await room([bob]);
    await bob.call('POST', '/messages', { conversationId: here.id, content: 'hello' });
    await add(here.owner, here, carol);
    await setRole(here.owner, here, bob, 'admin');
    await setRole(here.owner, here, bob, 'admin');
    await remove(bob, here, carol);
    await leave(bob, here);
    const items = await history(here.owner, here);
    const told = ({ seq, senderId, messageType, content, metadata }: Message) => ({
      seq,
      senderId,
      messageType,
      content,
      metadata,
    });
    const notice = { messageType: 'system', content: null };
    const owner = here.owner.id;
    expect(items.map(told)).toEqual([
      { seq: 1, senderId: bob.id, messageType: 'text', content: 'hello', metadata: {} },
      { ...notice, seq: 2, senderId: owner, metadata: { event: 'participants_added', userIds: [carol.id] } },
      { ...notice, seq: 3, senderId: owner, metadata: { event: 'role_changed', userId: bob.id, role: 'admin' } },
      { ...notice, seq: 4, senderId: bob.id, metadata: { event: 'participant_removed', userId: carol.id } },
      { ...notice, seq: 5, senderId: bob.id, metadata: { event: 'participant_left', userId: bob.id } },
    ]);
  });

  it('says who inherits before it says who has left', async () => {
    const bob = await app.person('bob');
    const here = await room([bob]);
    await leave(here.owner, here);
    expect((await history(bob, here)).map(({ metadata }) => metadata)).toEqual([
      { event: 'role_changed', userId: bob.id, role: 'owner' },
      { event: 'participant_left', userId: here.owner.id },
    ]);
  });
});

describe('the list of participants', () => {
  it('pages through everyone once, though most came in the same moment', async () => {
    const people = await Promise.all(Array.from({ length: 7 }, (_, index) => app.person(`p${index}`)));
    const here = await room(people.slice(0, 5));
    app.clock.advance(1_000);
    await add(here.owner, here, ...people.slice(5));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `${here.path}/participants?limit=3${cursor && `&cursor=${cursor}`}`;
      const { body }: { body: Page<Participant> } = await here.owner.call('GET', path);
      seen.push(...body.items.map(({ userId }) => userId));
      cursor = body.nextCursor;
    }
    expect(seen).toHaveLength(8);
    expect(new Set(seen)).toEqual(new Set([here.owner, ...people].map(({ id }) => id)));
    expect(new Set(seen.slice(6))).toEqual(new Set(people.slice(5).map(({ id }) => id)));
  });

  it('can be asked for those who are called so, by the beginning of a word, with or without accents', async () => {
    const [duong, ngoc, percent] = (await Promise.all(
      [
        ['Đường', 'Nguyễn'],
        ['Ngọc Ánh', 'Đặng'],
        ['100%', 'Sure_thing'],
      ].map(async ([firstName, lastName], index) => {
        const person = await app.person(`called${index}`);
        await person.call('PUT', '/users/profile', { firstName, lastName });
        return person;
      }),
    )) as [Person, Person, Person];
    const here = await room([duong, ngoc, percent]);
    const found = async (q: string) => {
      const path = `${here.path}/participants?${new URLSearchParams({ q })}`;
      const { body } = await here.owner.call<Page<Participant>>('GET', path);
      return body.items.map(({ userId }) => userId);
    };
    for (const q of ['đường', 'DUONG', 'duo', 'Nguyen', 'nguyễn', duong.user.username.slice(0, 12)]) {
      expect([q, await found(q)]).toEqual([q, [duong.id]]);
    }
    for (const q of ['anh', 'Ánh', 'dang', 'ngoc a']) expect([q, await found(q)]).toEqual([q, [ngoc.id]]);
    for (const q of ['100%', 'sure_']) expect([q, await found(q)]).toEqual([q, [percent.id]]);
    for (const q of ['uong', '%', '_', '\\', 'nobody']) expect([q, await found(q)]).toEqual([q, []]);
    expect((await here.owner.call('GET', `${here.path}/participants?q=`)).status).toBe(400);
  });
});
