import { randomUUID } from 'node:crypto';
import type { Problem, Session, SignedIn, TokenPair } from '@parley/protocol';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deferred } from '../platform/testing/deferred.js';
import { PASSWORD, type Person, sameBut, startTestApp, type TestApp } from '../platform/testing/test-app.js';
import { DEFAULT_TENANT } from '../tenants/index.js';
import { SessionsRepository } from './sessions.repository.js';

const SECRET = 'a secret for tests that is long enough';
const AFTER_GRACE = 10_001;
/** In seconds; longer than a lost answer may be taken up. */
const REFRESH_TTL = 2 * 86_400;
const CACHE_TIME = 2_001;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ REFRESH_TOKEN_TTL: String(REFRESH_TTL) });
});
afterAll(() => app.close());

const refresh = (refreshToken: string) => app.call<TokenPair & Problem>('POST', '/auth/refresh', { refreshToken });
const profile = (accessToken: string) => app.call<Problem>('GET', '/users/profile', undefined, accessToken);
const login = async (person: Person) => {
  const input = { login: person.user.username, password: PASSWORD };
  return (await app.call<SignedIn>('POST', '/auth/login', input)).body;
};
const sessionsOf = async (accessToken: string) =>
  (await app.call<{ items: Session[]; nextCursor: string | null }>('GET', '/auth/sessions', undefined, accessToken))
    .body.items;

describe('refreshing', () => {
  it('gives a new pair that works in place of the old one', async () => {
    const alice = await app.person('alice');
    const { status, body } = await refresh(alice.refreshToken);
    expect(status).toBe(200);
    expect(body.refreshToken).not.toBe(alice.refreshToken);
    expect((await profile(body.accessToken)).status).toBe(200);
    expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  it('stays one session however often it is done', async () => {
    const alice = await app.person('alice');
    let token = alice.refreshToken;
    for (let turn = 0; turn < 3; turn += 1) token = (await refresh(token)).body.refreshToken;
    expect(await sessionsOf(alice.accessToken)).toHaveLength(1);
  });

  it('gives another pair to a client that asks again within the grace', async () => {
    const alice = await app.person('alice');
    const first = await refresh(alice.refreshToken);
    const second = await refresh(alice.refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(first.body.refreshToken);
    for (const { body } of [first, second]) expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  it('gives another pair to a client whose answers were lost, however often and late it asks again', async () => {
    const alice = await app.person('alice');
    let pair = (await refresh(alice.refreshToken)).body;
    for (const later of [6_000, 6_000, 600_000, 600_000]) {
      app.clock.advance(later);
      const { status, body } = await refresh(alice.refreshToken);
      expect(status).toBe(200);
      pair = body;
    }
    expect((await profile(pair.accessToken)).status).toBe(200);
    app.clock.advance(AFTER_GRACE);
    expect((await refresh(pair.refreshToken)).status).toBe(200);
  });

  it('ends the session when what was given in an answer that counted as lost is used', async () => {
    const alice = await app.person('alice');
    const { body: owner } = await refresh(alice.refreshToken);
    app.clock.advance(AFTER_GRACE);
    // A thief of the used token comes before the owner refreshes again.
    const { status, body: thief } = await refresh(alice.refreshToken);
    expect(status).toBe(200);
    expect((await refresh(owner.refreshToken)).body.code).toBe('invalid_refresh_token');
    app.clock.advance(CACHE_TIME);
    for (const { accessToken } of [owner, thief]) expect((await profile(accessToken)).body.code).toBe('session_ended');
    expect((await refresh(thief.refreshToken)).status).toBe(401);
  });

  it('ends the session when a used token comes after more than a day, whoever used it', async () => {
    const alice = await app.person('alice');
    const { body } = await refresh(alice.refreshToken);
    app.clock.advance(86_400_001);
    expect((await refresh(alice.refreshToken)).status).toBe(401);
    expect((await refresh(body.refreshToken)).status).toBe(401);
  });

  it('lets several tabs take up a lost answer at the same moment, and each go on with its own', async () => {
    const alice = await app.person('alice');
    await refresh(alice.refreshToken);
    app.clock.advance(AFTER_GRACE);
    const tabs = await Promise.all(Array.from({ length: 4 }, () => refresh(alice.refreshToken)));
    for (const { body } of tabs) expect((await refresh(body.refreshToken)).status).toBe(200);
    expect((await profile(tabs[0]?.body.accessToken ?? '')).status).toBe(200);
  });

  it('does not mix up two holders of one session: what one has lost takes nothing from the other', async () => {
    const alice = await app.person('alice');
    const [one, other] = await Promise.all([refresh(alice.refreshToken), refresh(alice.refreshToken)]);
    await refresh(one.body.refreshToken);
    const { body: live } = await refresh(other.body.refreshToken);
    app.clock.advance(AFTER_GRACE);
    expect((await refresh(one.body.refreshToken)).status).toBe(200);
    expect((await refresh(live.refreshToken)).status).toBe(200);
  });

  it('ends the session when two go on by turns from the same token', async () => {
    const alice = await app.person('alice');
    await refresh(alice.refreshToken);
    app.clock.advance(AFTER_GRACE);
    const { body: thief } = await refresh(alice.refreshToken);
    app.clock.advance(AFTER_GRACE);
    expect((await refresh(thief.refreshToken)).status).toBe(200);
    app.clock.advance(AFTER_GRACE);
    expect((await refresh(alice.refreshToken)).status).toBe(401);
    expect((await refresh(thief.refreshToken)).status).toBe(401);
  });

  it('ends the session when a used token comes again after the grace', async () => {
    const alice = await app.person('alice');
    const { body: thief } = await refresh(alice.refreshToken);
    const { body: descendant } = await refresh(thief.refreshToken);
    app.clock.advance(AFTER_GRACE);
    const reused = await refresh(alice.refreshToken);
    expect(reused.status).toBe(401);
    expect(reused.body.code).toBe('invalid_refresh_token');
    for (const { refreshToken } of [thief, descendant]) expect((await refresh(refreshToken)).status).toBe(401);
    app.clock.advance(CACHE_TIME);
    for (const { accessToken } of [alice, thief, descendant]) {
      expect((await profile(accessToken)).body.code).toBe('session_ended');
    }
  });

  it('leaves the other sessions of the person alone when one is ended for reuse', async () => {
    const alice = await app.person('alice');
    const other = await login(alice);
    const { body } = await refresh(alice.refreshToken);
    await refresh(body.refreshToken);
    app.clock.advance(AFTER_GRACE);
    expect((await refresh(alice.refreshToken)).status).toBe(401);
    expect((await profile(other.accessToken)).status).toBe(200);
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  it('lets twenty parallel refreshes of one token pass without ending the session', async () => {
    const alice = await app.person('alice');
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(alice.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(20);
    app.clock.advance(CACHE_TIME);
    for (const { body } of answers) expect((await profile(body.accessToken)).status).toBe(200);
  });

  it('refuses a token that has expired, one that never was and one that is no token alike', async () => {
    const alice = await app.person('alice');
    app.clock.advance(REFRESH_TTL * 1_000 + 1);
    const expired = await refresh(alice.refreshToken);
    expect(expired.status).toBe(401);
    for (const token of ['x'.repeat(43), '\u{1F511}', alice.accessToken]) {
      expect(sameBut(await refresh(token))).toEqual(sameBut(expired));
    }
  });

  it('does not take an access token for a session that was ended in the same moment as a refresh', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, (_, index) => app.person(`racer${index}`)));
    for (const person of people) {
      const [, refreshed] = await Promise.all([person.call('POST', '/auth/logout'), refresh(person.refreshToken)]);
      const later = [person.accessToken, refreshed.body.accessToken].filter(Boolean);
      for (const token of later) expect((await profile(token)).status).toBe(401);
    }
  });
});

describe('ending sessions', () => {
  it('refuses both tokens at once after a logout', async () => {
    const alice = await app.person('alice');
    expect((await alice.call('GET', '/users/profile')).status).toBe(200);
    expect((await alice.call('POST', '/auth/logout')).status).toBe(204);
    expect((await profile(alice.accessToken)).body.code).toBe('session_ended');
    expect((await refresh(alice.refreshToken)).status).toBe(401);
  });

  it('is not undone by a request that had looked at the session before it ended', async () => {
    const alice = await app.person('alice');
    const sessions = app.app.get(SessionsRepository);
    const look = sessions.findOpen.bind(sessions);
    const ended = deferred();
    const looked = deferred();
    const spy = vi.spyOn(sessions, 'findOpen').mockImplementationOnce(async (...where) => {
      const open = await look(...where);
      looked.resolve();
      await ended.promise;
      return open;
    });
    const slow = profile(alice.accessToken);
    await looked.promise;
    expect((await alice.call('POST', '/auth/logout')).status).toBe(204);
    ended.resolve();
    await slow;
    expect((await profile(alice.accessToken)).status).toBe(401);
    spy.mockRestore();
  });

  it('lists the open sessions, the current one marked, page by page without gap or repeat', async () => {
    const alice = await app.person('alice');
    const others = [await login(alice), await login(alice), await login(alice), await login(alice)];
    await alice.call('POST', '/auth/logout');
    const [reader] = others;
    const seen: Session[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor ? `?limit=1&cursor=${cursor}` : '?limit=1';
      const page = await app.call<{ items: Session[]; nextCursor: string | null }>(
        'GET',
        `/auth/sessions${query}`,
        undefined,
        reader?.accessToken,
      );
      expect(page.status).toBe(200);
      seen.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(4);
    expect(seen.filter(({ current }) => current)).toHaveLength(1);
    const times = seen.map(({ lastUsedAt }) => lastUsedAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('shows when a session was last used, to the minute', async () => {
    const alice = await app.person('alice');
    const [before] = await sessionsOf(alice.accessToken);
    app.clock.advance(120_000);
    const [after] = await sessionsOf(alice.accessToken);
    expect(Date.parse(after?.lastUsedAt ?? '') - Date.parse(before?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(120_000);
  });

  it('ends another session of the same person, and only that one', async () => {
    const alice = await app.person('alice');
    const phone = await login(alice);
    const other = (await sessionsOf(alice.accessToken)).find(({ current }) => !current);
    expect((await alice.call('DELETE', `/auth/sessions/${other?.id}`)).status).toBe(204);
    expect((await profile(phone.accessToken)).status).toBe(401);
    expect((await refresh(phone.refreshToken)).status).toBe(401);
    expect((await profile(alice.accessToken)).status).toBe(200);
    expect((await alice.call('DELETE', `/auth/sessions/${other?.id}`)).status).toBe(404);
  });

  it('answers about the session of somebody else as about none', async () => {
    const alice = await app.person('alice');
    const mallory = await app.person('mallory');
    const [session] = await sessionsOf(alice.accessToken);
    const end = (id: string | undefined) => mallory.call<Problem>('DELETE', `/auth/sessions/${id}`);
    const foreign = await end(session?.id);
    expect(foreign.status).toBe(404);
    expect(sameBut(foreign)).toEqual(sameBut(await end(randomUUID())));
    expect((await profile(alice.accessToken)).status).toBe(200);
  });
});

describe('access tokens', () => {
  const claims = async (person: Person) => {
    const [session] = await sessionsOf(person.accessToken);
    return { sub: person.id, sid: session?.id, tid: DEFAULT_TENANT };
  };
  const sign = (
    payload: object,
    { secret = SECRET, issuer = 'parley', audience = 'parley-client', alg = 'HS256' } = {},
  ) =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(Math.floor(app.clock.now().getTime() / 1_000))
      .setExpirationTime(Math.floor(app.clock.now().getTime() / 1_000) + 600)
      .sign(new TextEncoder().encode(secret));

  it('are accepted when made exactly as the server makes them', async () => {
    const alice = await app.person('alice');
    expect((await profile(await sign(await claims(alice)))).status).toBe(200);
  });

  it.each<[string, (payload: object) => Promise<string> | string]>([
    ['another secret', (payload) => sign(payload, { secret: 'another secret that is long enough too' })],
    ['another issuer', (payload) => sign(payload, { issuer: 'somebody' })],
    ['another audience', (payload) => sign(payload, { audience: 'parley-admin' })],
    ['another algorithm', (payload) => sign(payload, { alg: 'HS512', secret: SECRET.repeat(2) })],
    ['the same secret under HS384', (payload) => sign(payload, { alg: 'HS384', secret: SECRET.padEnd(48, 'x') })],
    [
      'no signature (alg none)',
      (payload) =>
        new UnsecuredJWT({ ...payload })
          .setIssuer('parley')
          .setAudience('parley-client')
          .setExpirationTime('1h')
          .encode(),
    ],
    [
      'no end',
      (payload) =>
        new SignJWT({ ...payload })
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuer('parley')
          .setAudience('parley-client')
          .sign(new TextEncoder().encode(SECRET)),
    ],
    ['no session', (payload) => sign({ ...payload, sid: undefined })],
    ['a session id that is no id', (payload) => sign({ ...payload, sid: "' OR 1=1 --" })],
  ])('are refused with %s', async (_, forge) => {
    const alice = await app.person('alice');
    const { status, body } = await profile(await forge(await claims(alice)));
    expect(status).toBe(401);
    expect(body.code).toBe('unauthenticated');
  });

  it.each([
    ['the session of somebody else', { sid: true }],
    ['another tenant', { tid: true }],
    ['a session that never was', { unknown: true }],
  ])('are refused for %s, though well signed', async (_, change) => {
    const alice = await app.person('alice');
    const mallory = await claims(await app.person('mallory'));
    const forged = {
      ...(await claims(alice)),
      ...('sid' in change && { sid: mallory.sid }),
      ...('tid' in change && { tid: randomUUID() }),
      ...('unknown' in change && { sid: randomUUID() }),
    };
    const { status, body } = await profile(await sign(forged));
    expect(status).toBe(401);
    expect(body.code).toBe('session_ended');
  });

  it('expire, and say so', async () => {
    const alice = await app.person('alice');
    app.clock.advance(900_001);
    const { status, body } = await profile(alice.accessToken);
    expect(status).toBe(401);
    expect(body.code).toBe('token_expired');
    expect((await refresh(alice.refreshToken)).status).toBe(200);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer ....', `Bearer ${'x'.repeat(8_000)}`])(
    'are not found in the header %j',
    async (authorization) => {
      const { status, body } = await app.request<Problem>('/users/profile', { headers: { authorization } });
      expect(status).toBe(401);
      expect(body.code).toBe('unauthenticated');
    },
  );
});
