/** How quick the web client is in a real browser, on the machine that also runs the server. */
import { Parley } from '@parley/sdk';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { publish } from './results.js';
import { round, spreadOf } from './statistics.js';
import { withServer } from './with-server.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-sync',
];
const VIEWPORT = { width: 1280, height: 800 };
const PASSWORD = 'a fine long password';
const MESSAGES = 10_000;
const VISITS = 7;
/** Who comes back has been somewhere else: the page that was left has long done what it does after its first screen. */
const REST_SECONDS = 3;
/** Messages that arrive while somebody types, and for how long. */
const PER_SECOND = 50;
const TYPING_SECONDS = 15;
const SCROLL_SECONDS = 15;
/** Messages a second during the minutes in which the memory is looked at, and every how many seconds it is. */
const TRAFFIC = 10;
const LOOK_EVERY = 15;
/** As many messages come before as a page holds at most, so that what is seen to grow afterwards is not its window. */
const FILL = { perSecond: 100, seconds: 15 } as const;

interface Room {
  readonly reader: { readonly username: string };
  readonly writer: Parley;
  readonly path: string;
  readonly id: string;
}

export async function web({ minutes, seed }: { minutes: number; seed: number }): Promise<void> {
  if (CHROMIUM === undefined) throw new Error('There is no Chromium on this machine.');
  await withServer(async (server, postgres) => {
    const room = await furnish(server.url);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    try {
      const signedIn = await signIn(browser, server.url, room);
      const kib = {
        signIn: await weigh(browser, `${server.url}/app/`, 'form'),
        conversation: await weigh(browser, server.url + room.path, 'article', signedIn),
      };
      const first: number[] = [];
      for (let visit = 0; visit < VISITS; visit += 1)
        first.push(await visitAfresh(browser, server.url, room, signedIn));
      const context = await browser.newContext({ viewport: VIEWPORT, storageState: signedIn });
      const page = await open(context, server.url + room.path);
      const hurried = await visitAgain(page, 0);
      await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
      const again = await visitAgain(page, REST_SECONDS);
      const typing = await typeUnderLoad(page, room);
      const blank = await scroll(page);
      const memory = await leaveOpen(page, room, minutes);
      report({ minutes, seed }, postgres.version, { kib, first, again, hurried, typing, blank, memory });
    } finally {
      await browser.close();
      room.writer.disconnect();
    }
  });
}

/** Two people, and a conversation of thousands of messages between them. */
async function furnish(url: string): Promise<Room> {
  const account = async (name: string) => {
    const client = new Parley({ url });
    const input = { username: name, email: `${name}@example.com`, password: PASSWORD, firstName: name, lastName: '' };
    return { client, profile: await client.auth.register(input) };
  };
  const [reader, writer] = [await account('reader'), await account('writer')];
  const { id } = await writer.client.conversations.direct(reader.profile.id);
  await writer.client.connect();
  const text = (index: number) => `Message ${index}: ${'words and more words '.repeat(1 + (index % 7))}`;
  await Promise.all(Array.from({ length: MESSAGES }, (_, index) => writer.client.messages.send(id, text(index))));
  await reader.client.messages.markRead({ conversationId: id, seq: MESSAGES });
  return { reader: { username: reader.profile.username }, writer: writer.client, path: `/app/c/${id}`, id };
}

/** Marks the moment at which the first message is on the page, by its own clock. */
const MARK_FIRST_MESSAGE = `new MutationObserver((_, observer) => {
  if (!document.querySelector('article')) return;
  observer.disconnect();
  requestAnimationFrame(() => { globalThis.firstMessageAt = performance.now(); });
}).observe(document, { childList: true, subtree: true });`;

async function open(context: BrowserContext, url: string): Promise<Page> {
  await context.addInitScript(MARK_FIRST_MESSAGE);
  const page = await context.newPage();
  await timeOf(page, () => page.goto(url));
  return page;
}

/** From the beginning of a navigation to the first message, in ms. */
async function timeOf(page: Page, navigate: () => Promise<unknown>): Promise<number> {
  await navigate();
  await page.getByRole('article').first().waitFor();
  return page.evaluate<number>(`new Promise((resolve) => {
    const look = () => (globalThis.firstMessageAt ? resolve(firstMessageAt) : requestAnimationFrame(look));
    look();
  })`);
}

/** Signs in as a person would; returns what the browser has of it. */
async function signIn(browser: Browser, url: string, { reader, path }: Room) {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.getByLabel('User name or e-mail').fill(reader.username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('article').first().waitFor();
  const signedIn = await context.storageState();
  await context.close();
  return signedIn;
}

/** All of the page, its scripts and styles that come until it shows what it is for, in KiB gzip. */
async function weigh(browser: Browser, url: string, shows: string, storageState?: SignedIn): Promise<number> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    serviceWorkers: 'block',
    ...(storageState && { storageState }),
  });
  const bodies: Promise<Buffer>[] = [];
  context.on('response', (response) => {
    if (/\/app\/(c\/.*|.*\.(js|css))?$/.test(response.url())) bodies.push(response.body());
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(shows).first().waitFor();
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
  if (storageState) Object.assign(storageState, await context.storageState());
  await context.close();
  return round(sizes.reduce((sum, size) => sum + size, 0) / 1_024, 1);
}

type SignedIn = Awaited<ReturnType<typeof signIn>>;

/** Comes back to the page, each time after it has been left alone for so many seconds. */
async function visitAgain(page: Page, restSeconds: number): Promise<number[]> {
  const times: number[] = [];
  for (let visit = 0; visit < VISITS; visit += 1) {
    await sleep(restSeconds * 1_000);
    times.push(await timeOf(page, () => page.reload()));
  }
  return times;
}

/** A browser that has never seen the client, whose owner is signed in. */
async function visitAfresh(browser: Browser, url: string, room: Room, storageState: SignedIn): Promise<number> {
  const context = await browser.newContext({ viewport: VIEWPORT, storageState });
  await context.addInitScript(MARK_FIRST_MESSAGE);
  const page = await context.newPage();
  const ms = await timeOf(page, () => page.goto(url + room.path));
  // Each visit renews the one session.
  Object.assign(storageState, await context.storageState());
  await context.close();
  return ms;
}

/** Sends at a steady pace, as far as the seconds go. */
async function talk({ writer, id }: Room, perSecond: number, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  for (let count = 0; performance.now() < until; count += 1) {
    void writer.messages.send(id, `News ${count}`);
    await sleep(1_000 / perSecond);
  }
}

/** The tasks that kept the page from answering while somebody typed into it. */
async function typeUnderLoad(page: Page, room: Room) {
  await page.evaluate(`globalThis.tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });`);
  await page.getByRole('textbox', { name: 'Write a message' }).focus();
  const talking = talk(room, PER_SECOND, TYPING_SECONDS);
  const until = performance.now() + TYPING_SECONDS * 1_000;
  while (performance.now() < until) await page.keyboard.type('typing on and on ', { delay: 60 });
  await talking;
  const tasks = await page.evaluate<number[]>('tasks');
  return { count: tasks.length, longest: round(Math.max(0, ...tasks), 0) };
}

/** The longest time without a message where the eye is, while somebody scrolls through all of it, in ms. */
async function scroll(page: Page): Promise<number> {
  await page.evaluate(`globalThis.blank = { since: null, longest: 0 };
    const look = (now) => {
      const box = document.querySelector('[role=log]').getBoundingClientRect();
      const eye = [0.25, 0.5, 0.75].map((part) => box.top + box.height * part);
      const seen = [...document.querySelectorAll('article')].some((message) => {
        const { top, bottom } = message.getBoundingClientRect();
        return eye.some((at) => top <= at && at <= bottom);
      });
      if (seen) blank.since = null;
      else blank.longest = Math.max(blank.longest, now - (blank.since ??= now));
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);`);
  await page.mouse.move(VIEWPORT.width * 0.65, VIEWPORT.height * 0.5);
  const until = performance.now() + SCROLL_SECONDS * 1_000;
  while (performance.now() < until) {
    await page.mouse.wheel(0, -1_200);
    await sleep(30);
  }
  return round(await page.evaluate<number>('blank.longest'), 0);
}

/** What the page holds during minutes of traffic, in MiB, once it holds as many messages as it ever will. */
async function leaveOpen(page: Page, room: Room, minutes: number): Promise<readonly number[]> {
  const devtools = await page.context().newCDPSession(page);
  const used = async (): Promise<number> => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return round(usedSize / 2 ** 20, 1);
  };
  await page.reload();
  await page.getByRole('article').first().waitFor();
  await talk(room, FILL.perSecond, FILL.seconds);
  const samples: number[] = [];
  for (let seconds = 0; seconds < minutes * 60; seconds += LOOK_EVERY) {
    await talk(room, TRAFFIC, LOOK_EVERY);
    samples.push(await used());
  }
  return samples;
}

interface Figures {
  readonly kib: { readonly signIn: number; readonly conversation: number };
  readonly first: readonly number[];
  readonly again: readonly number[];
  readonly hurried: readonly number[];
  readonly typing: { readonly count: number; readonly longest: number };
  readonly blank: number;
  readonly memory: readonly number[];
}

function report(parameters: { minutes: number; seed: number }, postgres: string, figures: Figures): void {
  const middle = (times: readonly number[]): number => spreadOf([...times]).p50;
  const [first, again, hurried] = [middle(figures.first), middle(figures.again), middle(figures.hurried)];
  const { kib, typing, blank, memory } = figures;
  // The page lets go of messages many at a time, so what counts of its memory is how high it rises.
  const half = Math.ceil(memory.length / 2);
  const [earlier, later] = [Math.max(...memory.slice(0, half)), Math.max(...memory.slice(half))];
  const verdict =
    `The first conversation shows after ${first} ms in a new browser and after ${again} ms on later visits, ` +
    `with ${kib.conversation} KiB of code.`;
  publish({
    scenario: 'web',
    seed: parameters.seed,
    postgres,
    parameters: { ...parameters, messages: MESSAGES, visits: VISITS, perSecond: PER_SECOND, traffic: TRAFFIC },
    verdict,
    columns: ['', 'measured', 'at most'],
    rows: [
      ['signing in: page, scripts and styles, KiB gzip', kib.signIn, 250],
      ['a conversation: page, scripts and styles, KiB gzip', kib.conversation, 250],
      ['first conversation visible, new browser, ms (p50)', first, 1_000],
      [`first conversation visible, later visits, ${REST_SECONDS} s after the last, ms (p50)`, again, 300],
      ['the same where one comes back at once, ms (p50)', hurried, ''],
      [`tasks above 50 ms while typing, ${PER_SECOND} messages/s arriving`, typing.count, 0],
      ['the longest of them, ms', typing.longest, 50],
      [`longest time without a message on screen, scrolling through ${MESSAGES}, ms`, blank, 100],
      [
        `memory in ${parameters.minutes} minutes of ${TRAFFIC} messages/s, highest of the second half, MiB`,
        later,
        `(highest of the first half: ${earlier})`,
      ],
    ],
    details: figures,
  });
  console.log(verdict);
}
