import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let app: TestApp;
beforeAll(async () => (app = await startTestApp()));
afterAll(() => app.close());

const PAGE = 'text/html';
const ask = async (path: string) => {
  const { status, headers, body } = await app.request<string>(path);
  return { status, type: headers.get('content-type') ?? '', cache: headers.get('cache-control'), body };
};
/** The script that the page begins with, whose name changes with its content. */
const script = async () => /\/app\/assets\/[\w-]+\.js/.exec((await ask('/app/')).body)?.[0] ?? 'none';

describe('the web client (of the last build)', () => {
  it.each(['/app/', '/app/sign-in', '/app/join/a-code'])('has its page at %s', async (path) => {
    const { status, type, cache } = await ask(path);
    expect([status, cache]).toEqual([200, 'no-cache']);
    expect(type).toContain(PAGE);
  });

  it('may be kept for good where the content is in the name', async () => {
    const { status, type, cache } = await ask(await script());
    expect([status, cache]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(type).toContain('javascript');
  });

  it.each(['br', 'gzip'])('comes compressed to who can read that (%s)', async (encoding) => {
    const path = await script();
    const plain = await app.request<string>(path, { headers: { 'accept-encoding': 'identity' } });
    const { headers, body } = await app.request<string>(path, { headers: { 'accept-encoding': encoding } });
    expect([plain.headers.get('content-encoding'), headers.get('content-encoding')]).toEqual([null, encoding]);
    expect(Number(headers.get('content-length'))).toBeLessThan(Number(plain.headers.get('content-length')) / 2);
    expect(headers.get('vary')).toContain('accept-encoding');
    expect(body === plain.body).toBe(true);
  });

  it('has no page in place of a script that only an older build had', async () => {
    const { status, type, cache } = await ask('/app/assets/index-of-yesterday.js');
    expect([status, cache]).toEqual([404, 'no-store']);
    expect(type).toContain('application/problem+json');
  });
});
