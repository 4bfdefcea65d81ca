/**
 * The load generator for an XMPP server, as `generator.ts` is for ours: the same pairs with the same texts. An XMPP server
 * acknowledges nothing, so the next message is sent when one has reached the other end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { concurrently } from '../../src/concurrently.js';
import { randomText, seededRandom } from '../../src/random.js';
import { round, type Spread, spreadOf } from '../../src/statistics.js';
import { DOMAIN, RESOURCE, XmppConnection } from './xmpp-connection.js';

export interface XmppJob {
  readonly port: number;
  /** User names, sender and receiver of each pair. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Of all of them. */
  readonly password: string;
  readonly seed: number;
  readonly inFlight: number;
  readonly size: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface XmppReport {
  /** Delivered in the window. */
  readonly messages: number;
  readonly messagesPerSecond: number;
  readonly seconds: number;
  readonly deliveryMs: Spread;
}

export type FromXmppGenerator =
  | { readonly kind: 'window opened' }
  | { readonly kind: 'window closed' }
  | { readonly kind: 'report'; readonly report: XmppReport };

const CONNECTING_AT_A_TIME = 20;
const DRAIN_TIMEOUT = 15_000;

/** One sender, one receiver, and whether everything came once and in order. */
class XmppPair {
  readonly #sentAt: number[] = [];
  #arrived = 0;
  #sending = true;
  deliveryMs: number[] = [];

  constructor(
    private readonly parts: {
      sender: XmppConnection;
      receiver: XmppConnection;
      to: string;
      pool: string;
      size: number;
    },
  ) {
    const lost = (reason: string): void => {
      throw new Error(`A pair lost its connection: ${reason}`);
    };
    parts.sender.listener = { lost };
    parts.receiver.listener = { message: (stanza) => this.#arrive(stanza), lost };
  }

  send(): void {
    const { sender, to, pool, size } = this.parts;
    const number = this.#sentAt.length;
    const from = (number * size) % (pool.length - size);
    this.#sentAt.push(performance.now());
    const body = pool.slice(from, from + size);
    sender.send(`<message to='${to}' type='chat' id='${number}'><body>${body}</body></message>`);
  }

  stop(): void {
    this.#sending = false;
  }

  get isQuiet(): boolean {
    return this.#arrived === this.#sentAt.length;
  }

  close(): void {
    this.parts.sender.close();
    this.parts.receiver.close();
  }

  #arrive(stanza: string): void {
    const id = /^<message[^>]* id='(\d+)'/.exec(stanza)?.[1];
    if (id !== String(this.#arrived)) throw new Error(`Message ${this.#arrived} was expected: ${stanza.slice(0, 300)}`);
    this.deliveryMs.push(performance.now() - (this.#sentAt[this.#arrived] ?? 0));
    this.#arrived += 1;
    if (this.#sending) this.send();
  }
}

async function run({ port, password, ...job }: XmppJob): Promise<XmppReport> {
  const pool = randomText(seededRandom(job.seed), 65_536);
  const pairs = await concurrently(job.pairs, CONNECTING_AT_A_TIME, async ([one, other]) => {
    const sender = await XmppConnection.open({ port, password, username: one });
    const receiver = await XmppConnection.open({ port, password, username: other });
    receiver.send('<presence/>');
    return new XmppPair({ sender, receiver, to: `${other}@${DOMAIN}/${RESOURCE}`, pool, size: job.size });
  });
  for (const pair of pairs) for (let n = 0; n < job.inFlight; n += 1) pair.send();
  await sleep(job.warmUpSeconds * 1_000);

  tell({ kind: 'window opened' });
  const openedAt = performance.now();
  for (const pair of pairs) pair.deliveryMs = [];
  await sleep(job.seconds * 1_000);
  const seconds = (performance.now() - openedAt) / 1_000;
  const deliveryMs = pairs.flatMap((pair) => pair.deliveryMs);
  tell({ kind: 'window closed' });

  for (const pair of pairs) pair.stop();
  const deadline = performance.now() + DRAIN_TIMEOUT;
  while (pairs.some((pair) => !pair.isQuiet) && performance.now() < deadline) await sleep(20);
  const waiting = pairs.filter((pair) => !pair.isQuiet).length;
  for (const pair of pairs) pair.close();
  if (waiting > 0) throw new Error(`Not everything arrived at ${waiting} receivers.`);
  return {
    messages: deliveryMs.length,
    messagesPerSecond: Math.round(deliveryMs.length / seconds),
    seconds: round(seconds, 3),
    deliveryMs: spreadOf(deliveryMs),
  };
}

function tell(message: FromXmppGenerator): void {
  process.send?.(message);
}

process.once('message', (job: XmppJob) => {
  run(job).then(
    (report) => tell({ kind: 'report', report }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
