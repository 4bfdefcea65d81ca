/**
 * Keeps the client itself on the device, so that it opens at once and without a network. What people write never passes
 * through here: the store has a cache of its own.
 */

/** What TypeScript knows of service workers only where there is no page. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Worker extends EventTarget {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}
const worker = globalThis as unknown as Worker;

/** Filled in by the build: a name for exactly these files, and the files of the first screen. */
const { version, files } = JSON.parse('__BUILD__') as { version: string; files: string[] };
const CACHE = `parley-${version}`;
const HOME = new URL('./', worker.location.href).href;

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([HOME, ...files.map((file) => new URL(file, HOME).href)]);
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('parley-') && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** From the device where it is there; what is not is fetched, and kept if its name says that it never changes. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const held = await cache.match(request.mode === 'navigate' ? HOME : request);
  if (held) return held;
  const response = await fetch(request);
  if (response.ok && request.url.startsWith(`${HOME}assets/`)) await cache.put(request, response.clone());
  return response;
}

worker.addEventListener('install', (event) => (event as Extendable).waitUntil(keep()));
worker.addEventListener('activate', (event) => (event as Extendable).waitUntil(forgetOthers()));
worker.addEventListener('message', ({ data }: MessageEventInit) => {
  if (data === 'take over') void worker.skipWaiting();
});
worker.addEventListener('fetch', (event) => {
  const { request } = event as Fetching;
  if (request.method === 'GET' && request.url.startsWith(HOME)) (event as Fetching).respondWith(answer(request));
});
