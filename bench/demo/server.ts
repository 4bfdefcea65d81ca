import { startServer } from '@parley/e2e/harness';

/** The server a demo runs against. */
export interface DemoServer {
  readonly url: string;
  /** Whether it was started for the demo. */
  readonly isOwn: boolean;
  /** For people: where it is and whose. */
  readonly description: string;
  /** Given when a server of our own has ended before its time. */
  readonly gone: AbortSignal;
  /** What a server of our own had to complain of, for whoever looks into a failure. */
  complaints(): string;
  /** Stops it and removes its data, when it was started for the demo. */
  close(): Promise<void>;
}

/** The server of our own is no more; not a fault of whoever hears it. */
export class ServerGone extends Error {}

const PATIENCE = 3_000;
const TAIL = 4_000;
/** The demo is one address and sends more than people do; 15 minutes of access token are too few for a slow replay. */
const SETTINGS = { LIMITS: 'off', LOG_LEVEL: 'warn', ACCESS_TOKEN_TTL: '7200' };

/** The server that answers at `url`, or one of our own. */
export async function findOrStartServer(url: string, tell: (text: string) => void): Promise<DemoServer> {
  const gone = new AbortController();
  if (await isReady(url)) {
    const description = `${url} (was running)`;
    return { url, isOwn: false, description, gone: gone.signal, complaints: () => '', close: () => Promise.resolve() };
  }
  tell(`No server answers at ${url}: starting one, with a database of its own …`);
  const server = await startServer({ env: SETTINGS });
  void server.exited.then((code) => gone.abort(new ServerGone(`The server ended before its time (code ${code}).`)));
  return {
    url: server.url,
    isOwn: true,
    description: `${server.url} (started for this run in ${(server.readyMs / 1_000).toFixed(1)} s, removed after it)`,
    gone: gone.signal,
    complaints: () => server.output().slice(-TAIL),
    close: () => server.cleanup(),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(PATIENCE) });
    const body: unknown = await response.json();
    // Something else may listen there and answer 200 to everything.
    return response.ok && typeof body === 'object' && body !== null && 'status' in body && body.status === 'ok';
  } catch {
    return false;
  }
}
