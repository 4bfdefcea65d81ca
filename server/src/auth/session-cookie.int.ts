import type { Problem, SignedIn, TokenPair } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../platform/testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const PASSWORD = 'a fine long password';

/** A browser: keeps the one cookie it is given, and sends it back. */
function browser(isAsking = true) {
  let cookie = '';
  let setCookie = '';
  const call = async <T>(path: string, body: unknown, token?: string): Promise<{ status: number; body: T }> => {
    const response = await fetch(app.url + path, {
      method: 'POST',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(isAsking && { 'x-parley-session': 'cookie' }),
        ...(cookie !== '' && { cookie: `other=1; ${cookie}` }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    setCookie = response.headers.get('set-cookie') ?? '';
    if (setCookie !== '') cookie = setCookie.split(';')[0] ?? '';
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  return {
    call,
    refresh: () => call<TokenPair & Problem>('/auth/refresh', {}),
    get setCookie() {
      return setCookie;
    },
    get cookie() {
      return cookie;
    },
    set cookie(value: string) {
      cookie = value;
    },
  };
}

async function signedIn(isAsking = true) {
  const {
    user: { username },
  } = await app.person('lan');
  const page = browser(isAsking);
  const { status, body } = await page.call<SignedIn>('/auth/login', { login: username, password: PASSWORD });
  expect(status).toBe(200);
  return { page, body };
}

describe('a session in a cookie', () => {
  it('keeps its refresh token out of the answer and from scripts, and goes to nobody else', async () => {
    const { page, body } = await signedIn();
    expect(body.refreshToken).toBe('');
    expect(body.accessToken).not.toBe('');
    expect(page.setCookie).toMatch(
      /^parley_refresh=[\w-]{20,}; Path=\/auth; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    );
  });

  it('is secure where people reach the server by https', async () => {
    const secure = await startTestApp({ PUBLIC_URL: 'https://chat.example.org' });
    const {
      user: { username },
    } = await secure.person('lan');
    const response = await fetch(`${secure.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-parley-session': 'cookie' },
      body: JSON.stringify({ login: username, password: PASSWORD }),
    });
    expect(response.headers.get('set-cookie')).toMatch(/; Secure$/);
    await secure.close();
  });

  it('goes on by the cookie alone, which is another one each time', async () => {
    const { page } = await signedIn();
    const before = page.cookie;
    const { status, body } = await page.refresh();
    expect(status).toBe(200);
    expect(body.refreshToken).toBe('');
    expect(page.cookie).not.toBe(before);
    const profile = await app.call('GET', '/users/profile', undefined, body.accessToken);
    expect(profile.status).toBe(200);
  });

  it('goes on in two tabs that renew it at the same moment', async () => {
    const { page } = await signedIn();
    const [one, other] = [browser(), browser()];
    one.cookie = other.cookie = page.cookie;
    const answers = await Promise.all([one.refresh(), other.refresh()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    // The browser keeps whichever cookie came last.
    for (const last of [one, other]) expect((await last.refresh()).status).toBe(200);
  });

  it('counts for nothing without the header that no other site can send', async () => {
    const { page } = await signedIn();
    const forged = browser(false);
    forged.cookie = page.cookie;
    const { status, body } = await forged.refresh();
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'validation_failed' });
    expect((await page.refresh()).status).toBe(200);
  });

  it('is taken back when it is over', async () => {
    const { page, body } = await signedIn();
    const old = page.cookie;
    expect((await page.call('/auth/logout', undefined, body.accessToken)).status).toBe(204);
    expect(page.setCookie).toMatch(/^parley_refresh=; Path=\/auth; Max-Age=0;/);
    page.cookie = old;
    const refused = await page.refresh();
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 401, code: 'invalid_refresh_token' });
    expect(page.setCookie).toMatch(/^parley_refresh=; Path=\/auth; Max-Age=0;/);
  });

  it('is not begun by those who do not ask for it', async () => {
    const { page, body } = await signedIn(false);
    expect(page.setCookie).toBe('');
    expect(body.refreshToken).not.toBe('');
  });
});
