import { randomUUID } from 'node:crypto';
import type { Problem, Profile, User } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../platform/pagination.js';
import { PASSWORD, type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const change = (person: Person, input: object) => person.call<Profile & Problem>('PUT', '/users/profile', input);
const profile = async (person: Person) => (await person.call<Profile>('GET', '/users/profile')).body;

describe('the own profile', () => {
  it('changes in the fields given and in no other', async () => {
    const alice = await app.person('alice');
    await change(alice, { phone: '+84901234567' });
    const before = await profile(alice);
    const { status, body } = await change(alice, { firstName: 'Alicia' });
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, firstName: 'Alicia', displayName: 'Alicia Test', updatedAt: body.updatedAt });
    expect(await profile(alice)).toEqual(body);
  });

  it('keeps every change of many that are made at once', async () => {
    const alice = await app.person('alice');
    const changes = [
      { firstName: 'Alicia' },
      { lastName: 'Keys' },
      { phone: '+84901234567' },
      { username: `renamed.${alice.id.slice(-8)}` },
      { privacy: { readReceipts: false } },
      { privacy: { addToGroups: 'nobody' } },
      { privacy: { lastSeen: 'contacts' } },
      { privacy: { profilePhoto: 'contacts' } },
    ];
    const answers = await Promise.all(changes.map((input) => change(alice, input)));
    expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
    expect(await profile(alice)).toMatchObject({
      firstName: 'Alicia',
      lastName: 'Keys',
      phone: '+84901234567',
      username: `renamed.${alice.id.slice(-8)}`,
      privacy: { readReceipts: false, addToGroups: 'nobody', lastSeen: 'contacts', profilePhoto: 'contacts' },
    });
  });

  it('loses the phone number when it is set to null', async () => {
    const alice = await app.person('alice');
    await change(alice, { phone: '+84901234567' });
    expect((await change(alice, { phone: null })).body.phone).toBeNull();
  });

  it('keeps the privacy switches that are not named', async () => {
    const alice = await app.person('alice');
    const { body } = await change(alice, { privacy: { readReceipts: false } });
    expect(body.privacy).toEqual({ ...alice.user.privacy, readReceipts: false });
  });

  it('cannot take the user name of somebody else in other case, but the own one in other case', async () => {
    const alice = await app.person('alice');
    const bob = await app.person('bob');
    const taken = await change(alice, { username: bob.user.username.toUpperCase() });
    expect(taken.status).toBe(409);
    expect(taken.body.code).toBe('username_taken');
    expect((await change(alice, { username: alice.user.username.toUpperCase() })).status).toBe(200);
  });

  it('frees the old user name and signs in under the new one', async () => {
    const alice = await app.person('alice');
    const username = `new.${alice.id.slice(-8)}`;
    await change(alice, { username });
    const login = (name: string) => app.call('POST', '/auth/login', { login: name, password: PASSWORD });
    expect((await login(username)).status).toBe(200);
    expect((await login(alice.user.username)).status).toBe(401);
    expect((await change(await app.person('bob'), { username: alice.user.username })).status).toBe(200);
  });

  it.each([
    ['an e-mail address', { email: 'x@example.com' }, 'email'],
    ['a role', { role: 'admin' }, 'role'],
    ['an empty first name', { firstName: '' }, 'firstName'],
    ['a first name of spaces', { firstName: '   ' }, 'firstName'],
    ['a last name of spaces', { lastName: '   ' }, 'lastName'],
    ['a user name of letters that nobody sees', { username: '\u3164\u3164\u3164' }, 'username'],
    ['null for a name', { lastName: null }, 'lastName'],
    ['a privacy switch that is none', { privacy: { mood: 'everyone' } }, 'privacy.mood'],
    ['an audience that is none', { privacy: { lastSeen: 'me' } }, 'privacy.lastSeen'],
    ['a NUL character', { firstName: 'a\u0000b' }, 'firstName'],
    ['a lone surrogate', { lastName: '\ud800' }, 'lastName'],
  ])('refuses %s', async (_, input, path) => {
    const { status, body } = await change(await app.person('alice'), input);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });
});

describe('a name', () => {
  it.each([
    ['a space without width', '\u200b'],
    ['a joiner', '\u200d'],
    ['a mark that turns the direction', '\u202e'],
    ['a soft hyphen', '\u00ad'],
    ['a mark that picks how the sign before it looks', '\ufe0f'],
    ['a Braille cell without dots', '\u2800'],
    ['fillers of Hangul', '\u115f\u1160\u3164\uffa0'],
    ['vowels of Khmer that are not written', '\u17b4\u17b5'],
  ])('cannot be nothing but %s', async (_, firstName) => {
    const { status, body } = await change(await app.person('alice'), { firstName });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: 'firstName', message: 'must hold a character that can be seen' }]);
  });

  it.each(['می\u200cخواهم', '👩\u200d👩\u200d👧', '❤\ufe0f', ' Lan ', '\u200fשלום', '1'])(
    'that can be seen stays as it is, with what joins and spaces it (%j)',
    async (firstName) => {
      const { status, body } = await change(await app.person('alice'), { firstName, lastName: '' });
      expect(status).toBe(200);
      expect(body.firstName).toBe(firstName);
    },
  );

  it('that cannot be seen, as some of long ago, gives way to the user name', async () => {
    const alice = await app.person('alice');
    await app.sql(`UPDATE users SET first_name = $1, last_name = '' WHERE id = $2`, [' \u3164', alice.id]);
    expect((await profile(alice)).displayName).toBe(`@${alice.user.username}`);
    const { body } = await (await app.person('bob')).call<User>('GET', `/users/${alice.id}`);
    expect(body).toMatchObject({ firstName: ' \u3164', displayName: `@${alice.user.username}` });
  });
});

describe('a status', () => {
  const setStatus = (person: Person, input: object) => person.call<Profile & Problem>('PUT', '/users/status', input);

  it('is shown until it expires, and then is none', async () => {
    const alice = await app.person('alice');
    const expiresAt = new Date(app.clock.now().getTime() + 60_000).toISOString();
    const { body } = await setStatus(alice, { status: 'busy', text: 'in a meeting', expiresAt });
    expect(body.status).toEqual({ status: 'busy', text: 'in a meeting', expiresAt });
    app.clock.advance(59_000);
    expect((await profile(alice)).status.text).toBe('in a meeting');
    app.clock.advance(1_001);
    expect((await profile(alice)).status).toEqual({ status: 'online', text: null, expiresAt: null });
  });

  it('loses its text and its end when the next one has none', async () => {
    const alice = await app.person('alice');
    await setStatus(alice, { status: 'away', text: 'lunch', expiresAt: '2999-01-01T00:00:00.000Z' });
    const { body } = await setStatus(alice, { status: 'invisible' });
    expect(body.status).toEqual({ status: 'invisible', text: null, expiresAt: null });
  });

  it.each([
    ['an end that has passed', { status: 'busy', expiresAt: '2020-01-01T00:00:00.000Z' }, 'expiresAt'],
    ['an end that is no time', { status: 'busy', expiresAt: 'tomorrow' }, 'expiresAt'],
    ['a state that is none', { status: 'dancing' }, 'status'],
    ['a text of 141 characters', { status: 'busy', text: 'x'.repeat(141) }, 'text'],
  ])('refuses %s', async (_, input, path) => {
    const { status, body } = await setStatus(await app.person('alice'), input);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });
});

describe('other people', () => {
  it('see the name and nothing that is private', async () => {
    const alice = await app.person('alice');
    const bob = await app.person('bob');
    await change(alice, { phone: '+84901234567' });
    const { body } = await bob.call<User>('GET', `/users/${alice.id.toUpperCase()}`);
    expect(body).toEqual({
      id: alice.id,
      username: alice.user.username,
      firstName: 'alice',
      lastName: 'Test',
      displayName: 'alice Test',
      avatarUrl: null,
    });
  });

  it('are not found under an id that is nobody', async () => {
    const alice = await app.person('alice');
    expect((await alice.call('GET', `/users/${randomUUID()}`)).status).toBe(404);
    expect((await alice.call('GET', '/users/42')).status).toBe(400);
  });
});

describe('searching for people', () => {
  type Found = { items: User[]; nextCursor: string | null };
  const search = (person: Person, query: Record<string, string>) =>
    person.call<Found & Problem>('GET', `/users/search?${new URLSearchParams(query)}`);
  const named = async (tag: string, firstName: string, lastName = '') => {
    const person = await app.person(tag);
    await change(person, { firstName, lastName });
    return person;
  };
  const ids = ({ body }: { body: Found }) => body.items.map(({ id }) => id);

  it('finds by the beginning of the user name or the display name, in any case', async () => {
    const quentin = await named('zq-handle', 'Quentin', 'Tarr');
    for (const q of ['zq-h', 'ZQ-H', 'quent', 'QUENTIN TA', '\uff31uentin']) {
      expect(ids(await search(quentin, { q }))).toEqual([quentin.id]);
    }
    expect(ids(await search(quentin, { q: 'uentin' }))).toEqual([]);
  });

  it.each(['%', '_', '\\', '%%', '_\\%'])('takes %s for itself and not for a wildcard', async (q) => {
    const alice = await app.person('alice');
    expect(ids(await search(alice, { q }))).toEqual([]);
    const odd = await named('odd', `${q}odd`);
    expect(ids(await search(alice, { q }))).toContain(odd.id);
    expect(ids(await search(alice, { q: `${q}o` }))).toContain(odd.id);
    await change(odd, { firstName: 'odd no longer' });
  });

  it('pages through everyone once, in order of name, with people of one name in between', async () => {
    const alice = await app.person('alice');
    const names = ['Wy Anna', 'Wy Bert', 'Wy Bert', 'Wy Bert', 'Wy Carl'];
    const people = await Promise.all(names.map((name) => named('pager', name)));
    const seen: User[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { body: Found } = await search(alice, { q: 'wy ', limit: '2', ...(cursor && { cursor }) });
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    expect(seen.map(({ displayName }) => displayName)).toEqual(names);
    expect(seen.map(({ id }) => id).toSorted()).toEqual(people.map(({ id }) => id).toSorted());
  });

  it.each([
    ['garbage', 'garbage'],
    ['base64 of no JSON', Buffer.from('hello').toString('base64url')],
    ['the cursor of another list', encodeCursor(['2026-01-01T00:00:00.000Z', 'x'])],
    ['a NUL character inside', encodeCursor(['a\u0000b', randomUUID()])],
    ['a lone surrogate inside', encodeCursor(['\ud800', randomUUID()])],
    ['too many parts', encodeCursor(['a', randomUUID(), 1])],
    ['an object', Buffer.from('{"0":"a"}').toString('base64url')],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    const { status, body } = await search(await app.person('alice'), { q: 'a', cursor });
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.path)).toEqual(['cursor']);
  });

  it.each([
    ['no text', { q: '' }, 'q'],
    ['101 characters', { q: 'x'.repeat(101) }, 'q'],
    ['a NUL character', { q: 'a\u0000' }, 'q'],
    ['a limit of 0', { q: 'a', limit: '0' }, 'limit'],
    ['a limit of 101', { q: 'a', limit: '101' }, 'limit'],
    ['a key it does not know', { q: 'a', order: 'name' }, 'order'],
  ])('refuses %s', async (_, query, path) => {
    const { status, body } = await search(await app.person('alice'), query);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });

  it('no longer finds who has deleted the account', async () => {
    const alice = await app.person('alice');
    const gone = await named('leaver', 'Vanya');
    expect(ids(await search(alice, { q: 'vanya' }))).toEqual([gone.id]);
    await gone.call('DELETE', '/users/profile', { password: PASSWORD });
    expect(ids(await search(alice, { q: 'vanya' }))).toEqual([]);
  });

  it('answers a search for nobody with an empty page', async () => {
    const alice = await app.person('alice');
    const answer = await search(alice, { q: 'nobody is called this' });
    expect(answer.body).toEqual({ items: [], nextCursor: null });
    expect(sameBut(answer).status).toBe(200);
  });
});
