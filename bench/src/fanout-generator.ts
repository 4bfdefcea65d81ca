/**
 * The load generator of `fanout`: a process that holds every member of one group. The first of them speaks, and says the
 * next thing once everybody has heard the last but a few: so nothing piles up, and what is counted has arrived.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { concurrently } from './concurrently.js';
import { type Auth, Connection } from './connection.js';
import { Hearing } from './hearing.js';
import { randomText, seededRandom } from './random.js';
import { round, type Spread, spreadOf } from './statistics.js';

export interface FanoutJob {
  readonly port: number;
  readonly conversationId: string;
  readonly auths: readonly Auth[];
  /** Begins every `clientMessageId`. */
  readonly run: string;
  readonly seed: number;
  readonly inFlight: number;
  readonly size: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface FanoutReport {
  readonly deliveriesPerSecond: number;
  readonly messages: number;
  readonly seconds: number;
  /** From sending to the last of all members. */
  readonly everybodyMs: Spread;
}

export type FromFanoutGenerator =
  | { readonly kind: 'window opened' }
  | { readonly kind: 'window closed' }
  | { readonly kind: 'report'; readonly report: FanoutReport };

const CONNECTING_AT_A_TIME = 50;
const DRAIN_TIMEOUT = 15_000;
const REST = 500;

async function run(job: FanoutJob): Promise<FanoutReport> {
  const { port, conversationId, inFlight, size } = job;
  const pool = randomText(seededRandom(job.seed), 65_536);
  const members = await concurrently(job.auths, CONNECTING_AT_A_TIME, (auth) => Connection.open({ port, auth }));
  const [speaker] = members;
  if (!speaker) throw new Error('A group needs members.');
  const sentAt: number[] = [];
  let times: number[] = [];
  let isSending = true;

  const say = (): void => {
    const number = sentAt.length;
    const from = (number * size) % (pool.length - size);
    const key = `${job.run}-${number}`;
    const content = pool.slice(from, from + size);
    sentAt.push(performance.now());
    speaker.emit(number, JSON.stringify(['send_message', { conversationId, clientMessageId: key, content }]));
  };
  const hearing = new Hearing(members.length, `${job.run}-`, (number) => {
    times.push(performance.now() - (sentAt[number] ?? 0));
    if (isSending) say();
  });
  for (const [member, connection] of members.entries()) {
    connection.listener = {
      event: (text) => hearing.heard(member, text),
      acknowledged: (_, text) => {
        if (!text.startsWith('[{"ok":true')) throw new Error(`A message was refused: ${text}`);
      },
      lost: (reason) => {
        throw new Error(`A member lost the connection: ${reason}`);
      },
    };
  }

  for (let n = 0; n < inFlight; n += 1) say();
  await sleep(job.warmUpSeconds * 1_000);
  tell({ kind: 'window opened' });
  const openedAt = performance.now();
  const heardBefore = hearing.deliveries;
  times = [];
  await sleep(job.seconds * 1_000);
  const seconds = (performance.now() - openedAt) / 1_000;
  const deliveries = hearing.deliveries - heardBefore;
  const inWindow = times;
  tell({ kind: 'window closed' });

  isSending = false;
  const deadline = performance.now() + DRAIN_TIMEOUT;
  while (hearing.deliveries < sentAt.length * members.length && performance.now() < deadline) await sleep(20);
  // A second copy, which should not come, is given this long to come.
  await sleep(REST);
  for (const member of members) member.close();
  hearing.assertAllHeard(sentAt.length);
  return {
    deliveriesPerSecond: Math.round(deliveries / seconds),
    messages: inWindow.length,
    seconds: round(seconds, 3),
    everybodyMs: spreadOf(inWindow),
  };
}

function tell(message: FromFanoutGenerator): void {
  process.send?.(message);
}

process.once('message', (job: FanoutJob) => {
  run(job).then(
    (report) => tell({ kind: 'report', report }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
