import type { Problem, SignedIn } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, PASSWORD, type Person, startTestApp, type TestApp } from '../testing/test-app.js';
import { hasRedis, startRedis } from '../testing/test-redis.js';
import { AuthService } from '../../auth/auth.service.js';
import { LIMITS } from './limits.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ LIMITS: 'on', TRUST_PROXY: '127.0.0.1' });
});
afterAll(() => app.close());

let host = 0;
/** An address nobody has called from yet. */
const newAddress = () => {
  host += 1;
  return `198.51.100.${host}`;
};

const post = <T = Problem>(address: string, path: string, body: unknown, token?: string): Promise<Answer<T>> =>
  app.request<T>(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
const login = (address: string, person: Person, password = PASSWORD) =>
  post<SignedIn & Problem>(address, '/auth/login', { login: person.user.username, password });
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const guess = async (address: string, person: Person, times: number) => {
  const answers: Answer<Problem>[] = [];
  for (let index = 0; index < times; index += 1) answers.push(await login(address, person, `guess ${index}`));
  return answers;
};

describe('guessing a password', () => {
  it('is over after ten tries, and says when it can go on', async () => {
    const alice = await app.person('alice');
    const answers = await guess(newAddress(), alice, 12);
    expect(statuses(answers)).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const refused = answers.at(-1);
    expect(refused?.body.code).toBe('rate_limited');
    const seconds = Number(refused?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(LIMITS.login_failure.seconds);
  });

  it('does not get further with all tries at once', async () => {
    const alice = await app.person('alice');
    const address = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => login(address, alice, `guess ${index}`)),
    );
    expect(statuses(answers).filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses(answers).filter((status) => status === 429).length).toBeGreaterThanOrEqual(50);
  });

  it('does not come through in a burst, though it was right in the end', async () => {
    const alice = await app.person('alice');
    const auth = app.app.get(AuthService);
    const address = newAddress();
    const guesses = [...Array.from({ length: 30 }, (_, index) => `guess ${index}`), PASSWORD];
    // Straight at the service: what comes over many connections comes in no order.
    const outcomes = await Promise.allSettled(
      guesses.map((password) => auth.login({ login: alice.user.username, password }, address)),
    );
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'rate_limited' } });
  });

  it('locks nobody out but who guesses: the owner gets in from elsewhere, and another account from there', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const attacker = newAddress();
    await guess(attacker, alice, 11);
    expect((await login(attacker, alice)).status).toBe(429);
    expect((await login(newAddress(), alice)).status).toBe(200);
    expect((await login(attacker, bob)).status).toBe(200);
  });

  it('is counted for one account in whatever case its name is written', async () => {
    const alice = await app.person('alice');
    const address = newAddress();
    await guess(address, alice, 10);
    const input = { login: alice.user.username.toUpperCase(), password: PASSWORD };
    expect((await post(address, '/auth/login', input)).status).toBe(429);
  });

  it('is counted alike for an account that does not exist', async () => {
    const address = newAddress();
    const nobody = { user: { username: 'nobody.at.all' } } as Person;
    expect(statuses(await guess(address, nobody, 11)).at(-1)).toBe(429);
  });

  it('is forgiven once the password was right', async () => {
    const alice = await app.person('alice');
    const address = newAddress();
    await guess(address, alice, 9);
    expect((await login(address, alice)).status).toBe(200);
    expect(statuses(await guess(address, alice, 9))).toEqual(Array.from({ length: 9 }, () => 401));
  });

  it('is bounded where an account is deleted, too', async () => {
    const alice = await app.person('alice');
    const tryIt = (password: string) => alice.call('DELETE', '/users/profile', { password });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => tryIt(`guess ${index}`)));
    expect(statuses(answers).filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect((await tryIt(PASSWORD)).status).toBe(429);
  });
});

describe('the address', () => {
  it('is believed from a trusted proxy only in its last hop', async () => {
    const alice = await app.person('alice');
    const attacker = newAddress();
    for (let index = 0; index < 10; index += 1) await login(`203.0.113.${index}, ${attacker}`, alice, 'a guess');
    expect((await login(`203.0.113.77, ${attacker}`, alice)).status).toBe(429);
  });

  it('is the same for all of an IPv6 network of one host', async () => {
    const alice = await app.person('alice');
    for (let index = 0; index < 10; index += 1) await login(`2001:db8:5:6::${index + 1}`, alice, 'a guess');
    expect((await login('2001:db8:5:6:ffff::1', alice)).status).toBe(429);
    expect((await login('2001:db8:5:7::1', alice)).status).toBe(200);
  });

  it('is shown with the session', async () => {
    const alice = await app.person('alice');
    const { body } = await login('198.51.100.250', alice);
    const sessions = await app.call<{ items: { address: string; current: boolean }[] }>(
      'GET',
      '/auth/sessions',
      undefined,
      body.accessToken,
    );
    expect(sessions.body.items.find(({ current }) => current)?.address).toBe('198.51.100.250');
  });
});

describe('the limits of a route', () => {
  it('end a flood of registrations from one address, and nobody else’s', async () => {
    const address = newAddress();
    const register = (from: string) => post(from, '/auth/register', { username: 'x' });
    const { points } = LIMITS.register;
    const before = await Promise.all(Array.from({ length: points }, () => register(address)));
    expect(new Set(statuses(before))).toEqual(new Set([400]));
    const refused = await register(address);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await register(newAddress())).status).toBe(400);
  });

  it.each([
    ['/auth/forgot', { email: 'someone@example.com' }, LIMITS.forgot.points, 202],
    ['/auth/reset', { token: 'x', password: 'a fine new password' }, LIMITS.reset.points, 400],
  ])('end a flood of %s', async (path, input, points, usual) => {
    const address = newAddress();
    const answers = await Promise.all(Array.from({ length: points + 3 }, () => post(address, path, input)));
    expect(statuses(answers).filter((status) => status === usual)).toHaveLength(points);
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(3);
  });

  it('count what a person sends, wherever it comes from, and let others send', async () => {
    const [alice, bob] = [await app.person('alice'), await app.person('bob')];
    const direct = { type: 'direct', participantIds: [bob.id] };
    const { body: chat } = await alice.call<{ id: string }>('POST', '/conversations', direct);
    const send = (person: Person) =>
      post(newAddress(), '/messages', { conversationId: chat.id, content: 'x' }, person.accessToken);
    const { points } = LIMITS.send;
    const answers = await Promise.all(Array.from({ length: points + 5 }, () => send(alice)));
    expect(statuses(answers).filter((status) => status === 201)).toHaveLength(points);
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(5);
    expect((await send(bob)).status).toBe(201);
  });
});

describe('without a trusted proxy', () => {
  it('nobody gets another address by saying so', async () => {
    const direct = await startTestApp({ LIMITS: 'on' });
    try {
      const statusOf = async (index: number) => {
        const response = await direct.request('/auth/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${index}` },
          body: JSON.stringify({ login: 'somebody', password: 'a guess' }),
        });
        return response.status;
      };
      for (let index = 0; index < 10; index += 1) expect(await statusOf(index)).toBe(401);
      expect(await statusOf(99)).toBe(429);
    } finally {
      await direct.close();
    }
  });
});

describe.skipIf(!hasRedis)('two nodes (needs redis)', () => {
  it('count together, and each for itself while Redis is away', async () => {
    const redis = await startRedis();
    const env = { LIMITS: 'on', TRUST_PROXY: '127.0.0.1', REDIS_URL: redis.url };
    const first = await startTestApp(env);
    const second = await startTestApp(env, () => first.databaseUrl);
    try {
      const guessAt = async (node: TestApp, address: string, times: number) => {
        const answers: Answer[] = [];
        for (let index = 0; index < times; index += 1) {
          const body = JSON.stringify({ login: 'somebody', password: `guess ${index}` });
          const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
          answers.push(await node.request('/auth/login', { method: 'POST', headers, body }));
        }
        return statuses(answers);
      };
      const [one, other] = [newAddress(), newAddress()];
      const { points } = LIMITS.login_failure;
      expect(await guessAt(first, one, points - 2)).not.toContain(429);
      expect(await guessAt(second, one, 4)).toEqual([401, 401, 429, 429]);

      await redis.kill();
      for (const node of [first, second]) {
        expect(await guessAt(node, other, points + 1)).toEqual([...Array<number>(points).fill(401), 429]);
      }
    } finally {
      await second.close();
      await first.close();
      await redis.stop();
    }
  });
});
