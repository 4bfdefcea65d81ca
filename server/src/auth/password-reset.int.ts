import type { Problem, SignedIn } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type Person, resetTokenIn, startTestApp, type TestApp } from '../platform/testing/test-app.js';

const NEW_PASSWORD = 'another fine password';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const forgot = (email: string) => app.call('POST', '/auth/forgot', { email });
const reset = (token: string, password = NEW_PASSWORD) => app.call<Problem>('POST', '/auth/reset', { token, password });
const login = (person: Person, password: string) =>
  app.call<SignedIn>('POST', '/auth/login', { login: person.user.username, password });
const profile = (token: string) => app.call<Problem>('GET', '/users/profile', undefined, token);

async function tokenFor(person: Person): Promise<string> {
  await forgot(person.user.email);
  return resetTokenIn(await app.mailTo(person.user.email));
}

describe('a forgotten password', () => {
  it('is answered alike for an address that is known, one that is not, and a user name', async () => {
    const alice = await app.person('alice');
    const answers = await Promise.all([
      forgot(alice.user.email),
      forgot('nobody@example.com'),
      forgot(alice.user.username),
    ]);
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
      answers.map(() => ({ status: 202, body: '' })),
    );
  });

  it('leads to a mail for the address that is known, and to nobody else', async () => {
    const alice = await app.person('alice');
    const bob = await app.person('bob');
    const others = (await app.mails()).length;
    await forgot(bob.user.username);
    await forgot(`${bob.user.username}@elsewhere.example`);
    await forgot(alice.user.email.toUpperCase());
    const mail = await app.mailTo(alice.user.email);
    expect(mail).toContain('Subject: Reset your Parley password');
    // Jobs are taken up in order: the mail for the last request is there, so the others have been looked at.
    await app.until(async () => (await app.sql('SELECT 1 FROM outbox')).length === 0);
    expect(await app.mails()).toHaveLength(others + 1);
  });

  it('puts nothing of the account into the mail that its owner could have made say anything', async () => {
    const email = 'victim@example.com';
    await app.call('POST', '/auth/register', {
      username: 'prankster',
      email,
      password: PASSWORD,
      firstName: 'you have won! visit evil.example',
      lastName: '',
    });
    await forgot(email);
    expect(await app.mailTo(email)).not.toContain('evil.example');
  });

  it('is mailed to the one address it was registered with, though it holds a comma', async () => {
    const email = 'one,two@example.com';
    const username = 'comma.person';
    const input = { username, email, password: PASSWORD, firstName: 'Comma', lastName: '' };
    expect((await app.call('POST', '/auth/register', input)).status).toBe(201);
    await forgot(email);
    await app.until(async () => (await app.mails()).some((mail) => mail.includes('two')));
    const mail = (await app.mails()).find((text) => text.includes('two'));
    expect(/^To: .*$/m.exec(mail ?? '')?.[0]).toMatch(/^To: <?"?one,two"?@example\.com>?\r?$/);
  });
});

describe('a reset link', () => {
  it('sets the new password, once', async () => {
    const alice = await app.person('alice');
    const token = await tokenFor(alice);
    expect((await reset(token)).status).toBe(204);
    expect((await login(alice, NEW_PASSWORD)).status).toBe(200);
    expect((await login(alice, PASSWORD)).status).toBe(401);
    const again = await reset(token, 'yet another password');
    expect(again.status).toBe(400);
    expect(again.body.code).toBe('invalid_reset_token');
    expect((await login(alice, NEW_PASSWORD)).status).toBe(200);
  });

  it('is redeemed by exactly one of twenty who try at once', async () => {
    const alice = await app.person('alice');
    const token = await tokenFor(alice);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => reset(token, `password number ${index}`)),
    );
    const winners = answers.flatMap(({ status }, index) => (status === 204 ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'invalid_reset_token')).toHaveLength(19);
    expect((await login(alice, `password number ${winners[0]}`)).status).toBe(200);
  });

  it('ends every session of the person', async () => {
    const alice = await app.person('alice');
    const { body: phone } = await login(alice, PASSWORD);
    await reset(await tokenFor(alice));
    for (const { accessToken, refreshToken } of [alice, phone]) {
      expect((await profile(accessToken)).body.code).toBe('session_ended');
      expect((await app.call('POST', '/auth/refresh', { refreshToken })).status).toBe(401);
    }
  });

  it('takes back the other links that are out', async () => {
    const alice = await app.person('alice');
    await tokenFor(alice);
    await forgot(alice.user.email);
    const mails = async () => (await app.mails()).filter((mail) => mail.includes(`To: ${alice.user.email}`));
    await app.until(async () => (await mails()).length === 2);
    const [first = '', second = ''] = (await mails()).map(resetTokenIn);
    expect((await reset(first)).status).toBe(204);
    expect((await reset(second)).status).toBe(400);
  });

  it('expires', async () => {
    const alice = await app.person('alice');
    const token = await tokenFor(alice);
    app.clock.advance(3_600_001);
    expect((await reset(token)).body.code).toBe('invalid_reset_token');
    expect((await login(alice, PASSWORD)).status).toBe(200);
  });

  it('survives a new password that is refused', async () => {
    const alice = await app.person('alice');
    const token = await tokenFor(alice);
    for (const password of ['password123', 'short', 'x'.repeat(129)])
      expect((await reset(token, password)).status).toBe(400);
    expect((await reset(token)).status).toBe(204);
  });

  it('does not take the own name for a new password', async () => {
    const alice = await app.person('alice');
    const token = await tokenFor(alice);
    const { status, body } = await reset(token, alice.user.username.toUpperCase());
    expect(status).toBe(400);
    expect(body.errors?.[0]?.path).toBe('password');
    expect((await reset(token)).status).toBe(204);
  });

  it('leaves no usable session to logins with the old password that race it', async () => {
    const alice = await app.person('alice');
    const token = await tokenFor(alice);
    const logins = Array.from({ length: 12 }, () => login(alice, PASSWORD));
    const [redeemed, ...answers] = await Promise.all([reset(token), ...logins]);
    expect(redeemed.status).toBe(204);
    for (const { status, body } of answers) {
      expect([200, 401]).toContain(status);
      if (status !== 200) continue;
      expect((await profile(body.accessToken)).status).toBe(401);
      expect((await app.call('POST', '/auth/refresh', { refreshToken: body.refreshToken })).status).toBe(401);
    }
  });

  it('is stored only as a hash', async () => {
    const alice = await app.person('alice');
    const token = await tokenFor(alice);
    const rows = await app.sql<{ row: string }>('SELECT r::text AS row FROM password_resets r');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ row }) => row.includes(token))).toEqual([]);
  });
});
