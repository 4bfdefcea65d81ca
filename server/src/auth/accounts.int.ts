import type { Problem, SignedIn } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, PASSWORD, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const register = (account: { username: string; email?: string; password?: string }) =>
  app.call<SignedIn & Problem>('POST', '/auth/register', {
    email: `${account.username}@example.com`,
    password: PASSWORD,
    firstName: 'Some',
    lastName: 'Body',
    ...account,
  });
const login = (name: string, password = PASSWORD) =>
  app.call<SignedIn & Problem>('POST', '/auth/login', { login: name, password });

/** How often each status and code was answered. */
function tally(answers: readonly Answer<Partial<Problem>>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const key = body.code ? `${status} ${body.code}` : String(status);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe('registering', () => {
  it('signs in at once, with a profile that shows what was given', async () => {
    const { status, body } = await register({ username: 'Marta', email: 'Marta@Example.com' });
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ username: 'Marta', email: 'Marta@Example.com', displayName: 'Some Body' });
    expect((await app.call('GET', '/users/profile', undefined, body.accessToken)).body).toEqual(body.user);
  });

  it('gives a name to exactly one of fifty who ask for it at once, in whatever case', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        register({ username: index % 2 ? 'COVETED' : 'coveted', email: `coveted${index}@example.com` }),
      ),
    );
    expect(tally(answers)).toEqual({ '201': 1, '409 username_taken': 49 });
  });

  it('gives an e-mail address to exactly one of fifty who ask for it at once, in whatever case', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        register({ username: `claimant${index}`, email: index % 2 ? 'ONE@EXAMPLE.COM' : 'one@example.com' }),
      ),
    );
    expect(tally(answers)).toEqual({ '201': 1, '409 email_taken': 49 });
  });

  it('leaves nothing behind of an account that was refused', async () => {
    await register({ username: 'settled' });
    await register({ username: 'SETTLED', email: 'free@example.com' });
    expect((await register({ username: 'other', email: 'free@example.com' })).status).toBe(201);
  });

  it.each([
    ['a common password', { password: 'password123' }, 'password'],
    ['a common password in capitals', { password: 'PASSWORD123' }, 'password'],
    ['the own user name as password', { username: 'ownnameonly', password: 'OwnNameOnly' }, 'password'],
    ['the own address as password', { email: 'own@example.com', password: 'own@example.com' }, 'password'],
    ['a password of 129 characters', { password: 'x'.repeat(129) }, 'password'],
    ['a password of 7 characters', { password: 'q8#kfZp' }, 'password'],
    ['a user name with an @', { username: 'me@home', email: 'me@example.com' }, 'username'],
    ['a user name with a space', { username: 'two words', email: 'me@example.com' }, 'username'],
    ['an address without a domain', { email: 'someone@nowhere' }, 'email'],
    ['two addresses in one', { email: 'a@example.com,b@example.com' }, 'email'],
    ['a phone number without a country', { phone: '0123456789' }, 'phone'],
    ['a field it does not know', { isAdmin: true }, 'isAdmin'],
  ])('refuses %s and names the field', async (_, given, path) => {
    const { status, body } = await register({ username: 'refused', ...given });
    expect(status).toBe(400);
    expect(body.code).toBe('validation_failed');
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });
});

describe('signing in', () => {
  it.each([
    ['in other case', 'Anders', 'ANDERS'],
    ['with ß written as SS', 'Stra\u00dfe', 'STRASSE'],
    [
      'with a final sigma in capitals',
      '\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2',
      '\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3',
    ],
    ['with a dotted capital I in small letters', '\u0130zmir', 'i\u0307zmir'],
    ['in full-width letters', 'Wide', '\uff37\uff29\uff24\uff25'],
    ['decomposed where it was registered composed', 'Ren\u00e9e', 'Rene\u0301e'],
    ['composed where it was registered decomposed', 'Ange\u0301lique', 'ANG\u00c9LIQUE'],
  ])('knows a user name %s', async (_, registered, typed) => {
    const { body: owner } = await register({ username: registered, email: `${encodeURI(registered)}@example.com` });
    const { status, body } = await login(typed);
    expect(status).toBe(200);
    expect(body.user.id).toBe(owner.user.id);
    expect((await register({ username: typed, email: 'second@example.com' })).body.code).toBe('username_taken');
  });

  it.each([
    ['in other case', 'Post.Box@Example.com', 'pOST.bOX@eXAMPLE.COM'],
    ['with ß written as SS', 'stra\u00dfe@example.com', 'STRASSE@EXAMPLE.COM'],
    ['in full-width letters', 'broad@example.com', '\uff42\uff52\uff4f\uff41\uff44@example.com'],
  ])('knows an e-mail address %s', async (_, registered, typed) => {
    const username = `mail${Array.from(registered).length}.${registered.charCodeAt(0)}`;
    const { body: owner } = await register({ username, email: registered });
    const { status, body } = await login(typed);
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ id: owner.user.id, email: registered });
  });

  it('answers a wrong password and an unknown login with the same bytes', async () => {
    await register({ username: 'wilma' });
    const [wrong, unknown, unknownAddress, overlong] = await Promise.all([
      login('wilma', 'not her password'),
      login('nobody.of.that.name'),
      login('nobody@example.com'),
      login('wilma', 'x'.repeat(1_000)),
    ]);
    expect(wrong.status).toBe(401);
    expect(wrong.body.code).toBe('invalid_credentials');
    for (const answer of [unknown, unknownAddress, overlong]) expect(sameBut(answer)).toEqual(sameBut(wrong));
  });

  it('does not take a password in other case', async () => {
    await register({ username: 'casimir' });
    expect((await login('casimir', PASSWORD.toUpperCase())).status).toBe(401);
  });

  it('opens a session of its own each time, under the name of the device', async () => {
    await register({ username: 'daphne' });
    const { body } = await app.call<SignedIn>('POST', '/auth/login', {
      login: 'daphne',
      password: PASSWORD,
      deviceName: 'Daphne\u2019s \u{1F4F1}',
    });
    const sessions = await app.call<{ items: { deviceName: string | null; current: boolean }[] }>(
      'GET',
      '/auth/sessions',
      undefined,
      body.accessToken,
    );
    expect(sessions.body.items).toHaveLength(2);
    expect(sessions.body.items.find(({ current }) => current)?.deviceName).toBe('Daphne\u2019s \u{1F4F1}');
  });
});
