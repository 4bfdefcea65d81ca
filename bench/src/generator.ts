/**
 * The load generator: a process that holds both ends of every pair. In a closed loop it keeps each sender's pipe full, in
 * an open one it sends at moments chosen beforehand, whatever becomes of the messages before. Given one job, it tells its
 * parent when the window opens and closes, and at the end what came of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { keepArriving } from './arrivals.js';
import { concurrently } from './concurrently.js';
import { type Auth, Connection } from './connection.js';
import { type Faults, Pair, type ReadMarks } from './pair.js';
import { randomText, seededRandom } from './random.js';
import { round, type Spread, spreadOf } from './statistics.js';

/** Where a pair connects, and what it talks in. */
export interface PairSeat {
  readonly conversationId: string;
  readonly senderAuth: Auth;
  readonly receiverAuth: Auth;
}

/** A closed loop keeps so many in flight for each pair; an open one sends so many a second, all pairs together. */
export type Pace = { readonly inFlight: number } | { readonly perSecond: number };

export interface Job {
  readonly port: number;
  readonly pairs: readonly PairSeat[];
  /** Begins every `clientMessageId`. */
  readonly run: string;
  readonly seed: number;
  readonly pace: Pace;
  readonly size: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** How often a receiver says what it has read; 0 for never. */
  readonly markReadEveryMs: number;
}

/** What became of one pair's messages, numbered from 0 in the order of sending. */
export interface PairOutcome {
  readonly conversationId: string;
  readonly sent: number;
  /** Numbers of those whose acknowledgement was an error. */
  readonly refused: readonly number[];
}

export interface Report {
  /** Delivered in the window. */
  readonly messages: number;
  readonly messagesPerSecond: number;
  readonly seconds: number;
  readonly ackMs: Spread;
  readonly deliveryMs: Spread;
  /** In an open loop, how late the generator itself was; the times above contain it. */
  readonly lateMs: Spread;
  readonly faults: Faults;
  readonly readMarks: ReadMarks;
  readonly pairs: readonly PairOutcome[];
}

export type FromGenerator =
  | { readonly kind: 'connected' }
  | { readonly kind: 'window opened' }
  | { readonly kind: 'window closed' }
  | { readonly kind: 'report'; readonly report: Report };

const CONNECTING_AT_A_TIME = 50;
const MARKING_SLICES = 20;
const DRAIN_TIMEOUT = 15_000;
/** Whatever should not come, a second copy for one, is given this long to come. */
const REST = 500;

async function run(job: Job): Promise<Report> {
  const pairs = await openPairs(job);
  tell({ kind: 'connected' });
  const stopMarking = keepMarking(pairs, job.markReadEveryMs);
  const { stop, lateMs } = keepSending(pairs, job);
  await sleep(job.warmUpSeconds * 1_000);

  tell({ kind: 'window opened' });
  lateMs.length = 0;
  const openedAt = performance.now();
  const times = pairs.map((pair) => pair.openWindow());
  const closeWindow = (): void => pairs.forEach((pair) => pair.closeWindow());
  await sleep(job.seconds * 1_000);
  if ('inFlight' in job.pace) closeWindow();
  const seconds = (performance.now() - openedAt) / 1_000;
  tell({ kind: 'window closed' });

  stop();
  stopMarking();
  await untilQuiet(pairs);
  // In an open loop whatever was sent in the window counts: the slow ones above all.
  closeWindow();
  for (const pair of pairs) pair.close();

  const deliveryMs = times.flatMap((time) => time.deliveryMs);
  return {
    messages: deliveryMs.length,
    messagesPerSecond: Math.round(deliveryMs.length / seconds),
    seconds: round(seconds, 3),
    ackMs: spreadOf(times.flatMap((time) => time.ackMs)),
    deliveryMs: spreadOf(deliveryMs),
    lateMs: spreadOf(lateMs),
    faults: pairs.map((pair) => pair.faults()).reduce(addFaults),
    readMarks: pairs.map((pair) => pair.readMarks).reduce(addMarks),
    pairs: pairs.map(({ sent, refused }, at) => ({
      conversationId: job.pairs[at]?.conversationId ?? '',
      sent,
      refused,
    })),
  };
}

function openPairs({ port, pairs, ...job }: Job): Promise<Pair[]> {
  const pool = randomText(seededRandom(job.seed), 65_536);
  return concurrently(pairs, CONNECTING_AT_A_TIME, async ({ conversationId, senderAuth, receiverAuth }, index) => {
    const sender = await Connection.open({ port, auth: senderAuth });
    const receiver = await Connection.open({ port, auth: receiverAuth });
    return new Pair({ sender, receiver, conversationId, name: `${job.run}-${index}`, pool, size: job.size });
  });
}

function keepSending(pairs: readonly Pair[], { pace, seed }: Job): { stop: () => void; lateMs: number[] } {
  if ('inFlight' in pace) {
    for (const pair of pairs) pair.start(pace.inFlight);
    return { stop: () => pairs.forEach((pair) => pair.stop()), lateMs: [] };
  }
  let next = 0;
  return keepArriving({ perSecond: pace.perSecond, random: seededRandom(seed) }, (meantAt) => {
    pairs[next % pairs.length]?.send(meantAt);
    next += 1;
  });
}

/** Marks a few receivers at a time, so that the marks do not come in waves. */
function keepMarking(pairs: readonly Pair[], everyMs: number): () => void {
  if (everyMs === 0) return () => undefined;
  let tick = 0;
  const timer = setInterval(() => {
    for (let at = tick % MARKING_SLICES; at < pairs.length; at += MARKING_SLICES) pairs[at]?.markRead();
    tick += 1;
  }, everyMs / MARKING_SLICES);
  return () => clearInterval(timer);
}

async function untilQuiet(pairs: readonly Pair[]): Promise<void> {
  const deadline = performance.now() + DRAIN_TIMEOUT;
  while (pairs.some((pair) => !pair.isQuiet) && performance.now() < deadline) await sleep(20);
  await sleep(REST);
}

function addFaults(one: Faults, other: Faults): Faults {
  return {
    lost: one.lost + other.lost,
    doubled: one.doubled + other.doubled,
    ghosts: one.ghosts + other.ghosts,
    disordered: one.disordered + other.disordered,
    unanswered: one.unanswered + other.unanswered,
    refused: one.refused + other.refused,
  };
}

function addMarks(one: ReadMarks, other: ReadMarks): ReadMarks {
  return { sent: one.sent + other.sent, refused: one.refused + other.refused };
}

function tell(message: FromGenerator): void {
  process.send?.(message);
}

process.once('message', (job: Job) => {
  run(job).then(
    (report) => tell({ kind: 'report', report }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
