import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Problem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Person, startTestApp, type TestApp } from '../testing/test-app.js';

const ORIGIN = 'https://chat.example.com';
const METRICS_TOKEN = 'a token for the metrics';

/** An application that is open to one web origin and to a scraper, and one that is as closed as it comes. */
let app: TestApp;
let plain: TestApp;
let alice: Person;
beforeAll(async () => {
  [app, plain] = await Promise.all([
    startTestApp({ CORS_ORIGINS: ORIGIN, METRICS_TOKEN, BODY_LIMIT: '4096' }),
    startTestApp(),
  ]);
  alice = await app.person('alice');
});
afterAll(() => Promise.all([app.close(), plain.close()]));

interface Raw {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A request whose path nothing tidies up on the way. */
const raw = (path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(app.url);
    httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString(),
        }),
      );
    })
      .on('error', reject)
      .end();
  });

const post = (body: string, type: string | null = 'application/json', path = '/auth/login') =>
  app.request<Problem>(path, { method: 'POST', body, headers: type ? { 'content-type': type } : {} });

/** Nothing in an error may help to attack the server behind it. */
function expectProblem(text: string, type: string): void {
  expect(type).toContain('application/problem+json');
  const problem = Problem.strict().parse(JSON.parse(text));
  expect(problem.type).toBe(`urn:parley:error:${problem.code}`);
  expect(text).not.toMatch(/ at |node_modules|\.[jt]s\b|SELECT|postgres|fastify|nest|FST_|\d+\.\d+\.\d+/i);
}
function expectProblemAnswer({ status, headers, body }: Answer<Problem>, expected: number, code: string): void {
  expect([status, body.code]).toEqual([expected, code]);
  expect(body.status).toBe(status);
  expect(body.requestId).toBe(headers.get('x-request-id'));
  expectProblem(JSON.stringify(body), headers.get('content-type') ?? '');
}

describe('a body', () => {
  it.each([
    ['no JSON', '{"login": '],
    ['nothing', ''],
    ['two documents', '{}{}'],
    ['a __proto__ key', '{"login":"a","password":"b","__proto__":{"isAdmin":true}}'],
    ['a __proto__ key deep inside', '{"a":{"b":[{"__proto__":{}}]}}'],
    ['a constructor with a prototype', '{"constructor":{"prototype":{"isAdmin":true}}}'],
    ['a __proto__ key in escapes', '{"\\u005f_proto__":{}}'],
  ])('of %s is a 400', async (_, body) => {
    expectProblemAnswer(await post(body), 400, 'malformed_body');
  });

  it.each([
    ['a list', '[]', ['']],
    ['a text', '"login"', ['']],
    ['null', 'null', ['']],
    ['an empty object', '{}', ['login', 'password']],
    ['numbers for texts', '{"login":1,"password":2}', ['login', 'password']],
    ['an object for a text', '{"login":{"$ne":""},"password":"x"}', ['login']],
    ['a list for a text', '{"login":["a"],"password":"x"}', ['login']],
    ['unknown keys', '{"login":"a","password":"b","admin":true,"x":1}', ['admin', 'x']],
    ['a key like a property of every object', '{"login":"a","password":"b","toString":1}', ['toString']],
  ])('that is %s is a 400 that names what is wrong', async (_, body, paths) => {
    const answer = await post(body);
    expectProblemAnswer(answer, 400, 'validation_failed');
    expect(answer.body.errors?.map(({ path }) => path)).toEqual(paths);
  });

  it('with very many faults is answered with few of them', async () => {
    const body = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`k${index}`, 1]));
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.length).toBeLessThanOrEqual(50);
  });

  it('that is too large is refused before it is parsed', async () => {
    expectProblemAnswer(await post(`{"login": not JSON ${'x'.repeat(5_000)}`), 413, 'payload_too_large');
  });

  it('that is too large is refused though its length is not said beforehand', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(1_000)));
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': 'application/json' } };
    const status = await app.request('/auth/login', init as RequestInit).then(
      (answer) => answer.status,
      // The server closes while the client is still writing: the client may see only that.
      () => 413,
    );
    expect(status).toBe(413);
  });

  it.each([
    'text/plain',
    'text/html',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'garbage',
  ])('of type %s is a 415', async (type) => {
    expectProblemAnswer(await post('login=alice&password=x', type), 415, 'unsupported_media_type');
  });

  it('of JSON may say its character set', async () => {
    const answer = await post('{"login":"nobody","password":"x"}', 'application/json; charset=utf-8');
    expectProblemAnswer(answer, 401, 'invalid_credentials');
  });
});

describe('a path', () => {
  it.each([
    '/users/profile/',
    '//users/profile',
    '/users//profile',
    '/users/%70rofile',
    '/%75sers/profile',
    '/users/profile;a',
    '/users/profile;a=b/',
    '/users/profile%00',
    '/users/profile%20',
    '/users/profile?x=1',
    '/users/profile#x',
    '/USERS/PROFILE',
    '/v1/users/profile',
    '/v1//users/profile',
    '/v2/users/profile',
    '/./users/profile',
    '/auth/login/../../users/profile',
    '/auth/login/%2e%2e/%2e%2e/users/profile',
    '/users/..%2fprofile',
    '/users%2fprofile',
    '/docs/../users/profile',
    'http://127.0.0.1/users/profile',
  ])('%s shows nobody a profile', async (path) => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH', 'TRACE', 'PROPFIND']) {
      const { status, body, type } = await raw(path, method);
      expect([method, status, status >= 400 && status < 500]).toEqual([method, status, true]);
      if (method !== 'HEAD') expectProblem(body, type);
    }
  });

  it.each([
    ['with a broken escape', '/users/%zz'],
    ['with an escape that is no UTF-8', '/users/%ff'],
    ['with a parameter of 300 characters', `/users/${'x'.repeat(300)}`],
    ['that nothing is at', '/nowhere'],
  ])('%s is answered with a problem', async (_, path) => {
    const { status, body, type } = await raw(path);
    expect([400, 404]).toContain(status);
    expectProblem(body, type);
  });

  it('that is asked for with HEAD needs a token, and with one is answered', async () => {
    expect((await raw('/users/profile', 'HEAD')).status).toBe(401);
    expect((await raw('/users/profile', 'HEAD', { authorization: `Bearer ${alice.accessToken}` })).status).toBe(200);
  });

  it('is told nothing of by OPTIONS', async () => {
    for (const path of ['/users/profile', '/nowhere']) {
      expect(await raw(path, 'OPTIONS')).toMatchObject({ status: 204, body: '' });
    }
  });

  it('that is not meant for everyone is closed to anyone without a token', async () => {
    const { body } = await app.call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/docs/openapi.json');
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const open = new Set([
      'POST /auth/register',
      'POST /auth/login',
      'POST /auth/refresh',
      'POST /auth/forgot',
      'POST /auth/reset',
      'GET /health/live',
      'GET /health/ready',
    ]);
    expect(routes.filter((route) => open.has(route)).toSorted()).toEqual([...open].toSorted());
    const closed = routes.filter((route) => !open.has(route));
    expect(closed.length).toBeGreaterThan(20);
    for (const route of closed) {
      const [method = '', path = ''] = route.split(' ');
      for (const prefix of ['', '/v1']) {
        const answer = await app.call<Problem>(method, prefix + path.replace(/\{\w+\}/g, alice.id), undefined);
        expect([route, answer.status, answer.body.code]).toEqual([route, 401, 'unauthenticated']);
      }
    }
  });

  it.each(['/users/profile', '/v1/users/profile'])('%s answers who has a token', async (path) => {
    expect((await alice.call('GET', path)).status).toBe(200);
  });
});

describe('an answer', () => {
  it('is not kept by caches, names no software and cannot be taken for a page', async () => {
    const { headers } = await alice.call('GET', '/users/profile');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
  });

  it('has an id of its own that nobody else can choose', async () => {
    const answer = await app.request<Problem>('/users/profile', { headers: { 'x-request-id': 'chosen' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('to what is no HTTP says nothing but that', async () => {
    const { port } = new URL(app.url);
    const said = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'));
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', () => undefined);
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    const [head = '', body = ''] = said.split('\r\n\r\n');
    expectProblem(body, head);
  });
});

describe('the metrics', () => {
  const read = (from: TestApp, headers: Record<string, string> = {}) => from.request<string>('/metrics', { headers });

  it('are for the holder of the token, and do not exist for anyone else', async () => {
    const authorization = `Bearer ${METRICS_TOKEN}`;
    expect((await read(app, { authorization })).body).toContain('http_request_duration_seconds');
    for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: `Bearer ${METRICS_TOKEN}x` }]) {
      expect((await read(app, headers as Record<string, string>)).status).toBe(404);
    }
  });

  it('are not for a signed-in person', async () => {
    expect((await alice.call('GET', '/metrics')).status).toBe(404);
  });

  it('are without a token for direct calls from this machine only', async () => {
    expect((await read(plain)).status).toBe(200);
    expect((await read(plain, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404);
    expect((await read(plain, { forwarded: 'for=203.0.113.9' })).status).toBe(404);
  });

  it('name routes by their pattern and never by what is in the path', async () => {
    await alice.call('GET', `/users/${alice.id}`);
    const { body } = await read(app, { authorization: `Bearer ${METRICS_TOKEN}` });
    expect(body).toContain('route="/users/:id"');
    expect(body).not.toContain(alice.id);
  });
});

describe('a web page of another origin', () => {
  const preflight = (from: TestApp, origin: string, method: string) =>
    from.request('/users/profile', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it.each(['GET', 'POST', 'PUT', 'DELETE'])('may %s when its origin is configured', async (method) => {
    const { status, headers } = await preflight(app, ORIGIN, method);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-allow-methods')?.split(/, ?/)).toContain(method);
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  });

  it('can read an error, and when to come back', async () => {
    const { headers, status } = await app.request('/users/profile', { headers: { origin: ORIGIN } });
    expect(status).toBe(401);
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-expose-headers')?.toLowerCase()).toContain('retry-after');
  });

  it('is never let in with cookies', async () => {
    const { headers } = await preflight(app, ORIGIN, 'GET');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each(['https://evil.example', 'null', `${ORIGIN}.evil.example`, 'http://chat.example.com'])(
    'is not let in from %s',
    async (origin) => {
      const { headers } = await preflight(app, origin, 'GET');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      const answer = await app.request('/health/live', { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('is not let in at all when no origin is configured', async () => {
    const { headers, status } = await preflight(plain, ORIGIN, 'GET');
    expect(status).toBe(404);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
