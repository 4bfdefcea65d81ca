import { existsSync } from 'node:fs';
import { Parley, type Profile } from '@parley/sdk';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type RunningServer, startServer } from '../../e2e/harness/index.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
/** Chromium asks for nothing beyond this machine, and runs as root and in containers. */
const FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const STEP_TIMEOUT = 30_000;
const MOST_DESCRIBED = 2_000;
const PASSWORD = 'a fine long password';

/** Sizes that screens are looked at in. */
export const DESKTOP = { width: 1280, height: 800 } as const;
export const PHONE = { width: 390, height: 844 } as const;

/** Somebody with an account, and a client of their own to do things without a browser. */
export interface Person {
  readonly profile: Profile;
  readonly client: Parley;
  readonly password: string;
}

/** A server and a browser, for the tests of one file. */
export interface Stage {
  readonly server: RunningServer;
  readonly browser: Browser;
  /** Opens an account. */
  readonly person: (
    username: string,
    names?: { readonly firstName: string; readonly lastName?: string },
  ) => Promise<Person>;
  /** A page of a browser of its own, in English unless told otherwise. */
  readonly open: (path?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** A page on which somebody is signed in. */
  readonly openAs: (person: Person, path?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** What any page has complained of so far: errors, refused content, requests to elsewhere. */
  readonly complaints: readonly string[];
}

/** Signs in on the page as a person would. */
export async function signIn(page: Page, { profile, password }: Person): Promise<void> {
  await page.getByLabel('User name or e-mail').fill(profile.username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // On a phone it is there though a conversation may lie above it.
  await page.locator('nav').first().waitFor({ state: 'attached' });
}

/** Describes what people meet in a browser; `stage()` is there while the tests run. */
export function describeInBrowser(title: string, body: (stage: () => Stage) => void): void {
  describe.skipIf(CHROMIUM === undefined)(`${title} (needs chromium)`, () => {
    let current: Stage | undefined;
    const contexts: BrowserContext[] = [];
    const clients: Parley[] = [];
    beforeAll(async () => {
      const env = { LIMITS: 'off', LOG_LEVEL: 'warn' };
      const [server, browser] = await Promise.all([
        startServer({ env }),
        chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS }),
      ]);
      current = stageOf(server, browser, contexts, clients);
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await describePages(task.name, contexts);
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      for (const client of clients.splice(0)) client.disconnect();
    });
    afterAll(async () => {
      await current?.browser.close();
      await current?.server.cleanup();
    });
    body(() => {
      if (!current) throw new Error('The stage is not set yet');
      return current;
    });
  });
}

/** Says what was on each page when a test failed: a machine that runs the tests shows nobody its screen. */
async function describePages(test: string, contexts: readonly BrowserContext[]): Promise<void> {
  for (const page of contexts.flatMap((context) => context.pages())) {
    const text = await page.locator('body').innerText();
    console.error(`"${test}" failed; ${page.url()} showed:\n${text.slice(0, MOST_DESCRIBED)}`);
  }
}

function stageOf(server: RunningServer, browser: Browser, contexts: BrowserContext[], clients: Parley[]): Stage {
  const complaints: string[] = [];
  const listen = (page: Page) => {
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // That a request failed is a matter of the test that let it fail.
      const isAnswer = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isAnswer) complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== server.url) complaints.push(`asked elsewhere: ${request.url()}`);
    });
  };
  const open = async (path = '/', options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-GB', ...options });
    // What does not show within this time is named, before the test as a whole runs out of time.
    context.setDefaultTimeout(STEP_TIMEOUT);
    contexts.push(context);
    const page = await context.newPage();
    listen(page);
    await page.goto(`${server.url}/app${path}`);
    return page;
  };
  return {
    server,
    browser,
    complaints,
    open,
    person: async (username, { firstName, lastName = '' } = { firstName: username }) => {
      const client = new Parley({ url: server.url });
      clients.push(client);
      const email = `${encodeURIComponent(username)}@example.com`;
      const profile = await client.auth.register({ username, email, password: PASSWORD, firstName, lastName });
      return { profile, client, password: PASSWORD };
    },
    openAs: async (person, path = '/', options = {}) => {
      const page = await open(path, options);
      await signIn(page, person);
      return page;
    },
  };
}

let names = 0;
/** A user name that nobody has yet. */
export function unique(name: string): string {
  names += 1;
  return `${name}${Date.now().toString(36)}${names}`;
}
