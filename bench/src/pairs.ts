/** Pairs that talk, on the server under test and on the bare prototype. */
import { randomUUID } from 'node:crypto';
import type { RunningServer } from '@parley/e2e/harness';
import { Child } from './child.js';
import type { SharedPostgres } from './database.js';
import type { Job, PairOutcome, PairSeat } from './generator.js';
import { assertFaultless, measure, type Measurement } from './measurement.js';
import { type Couple, historyAfter, lastSeqs } from './people.js';
import type { FromPrototype } from './prototype.js';
import { sample, seededRandom } from './random.js';

/** How they talk. */
export type Load = Omit<Job, 'port' | 'pairs' | 'run'>;

const SAMPLE = 10;

/** Starts a prototype on an empty database and measures each load on it, one after the other. */
export async function measurePrototype(
  postgres: SharedPostgres,
  pairs: number,
  loads: readonly Load[],
): Promise<Measurement[]> {
  const url = await postgres.createDatabase('bench_prototype');
  const prototype = new Child<FromPrototype>('./prototype.js', { env: { DATABASE_URL: url } });
  try {
    const { port } = await prototype.next('listening');
    const measurements: Measurement[] = [];
    for (const load of loads) {
      const seats = Array.from({ length: pairs }, (): PairSeat => {
        const conversationId = randomUUID();
        const auth = () => ({ userId: randomUUID(), conversationId });
        return { conversationId, senderAuth: auth(), receiverAuth: auth() };
      });
      await postgres.settle();
      const { postmaster } = postgres;
      // Read marks are not for the prototype, which has no such thing.
      const job: Job = { ...load, port, pairs: seats, run: newRun(), markReadEveryMs: 0 };
      const { measurement } = await measure(job, { server: prototype.pid, postmaster });
      assertFaultless(measurement);
      measurements.push(measurement);
    }
    return measurements;
  } finally {
    await prototype.end();
  }
}

/** Measures a load on the server, and proves that what was acknowledged is stored as it was sent. */
export async function measureServer(
  server: RunningServer,
  postgres: SharedPostgres,
  couples: readonly Couple[],
  load: Load,
): Promise<Measurement> {
  const seats = couples.map(({ conversationId, sender, receiver }): PairSeat => ({
    conversationId,
    senderAuth: { token: sender.token },
    receiverAuth: { token: receiver.token },
  }));
  const seqsBefore = await lastSeqs(server.url, couples);
  await postgres.settle();
  const { postmaster } = postgres;
  const run = newRun();
  const job: Job = { ...load, port: server.port, pairs: seats, run };
  const { measurement, pairs } = await measure(job, { server: server.pid, postmaster });
  assertFaultless(measurement);
  await assertStored(server.url, { couples, seqsBefore, pairs, run, seed: load.seed });
  return measurement;
}

/** Throws unless all conversations grew by what was acknowledged, and some of them hold exactly that. */
async function assertStored(
  url: string,
  sent: { couples: readonly Couple[]; seqsBefore: number[]; pairs: readonly PairOutcome[]; run: string; seed: number },
): Promise<void> {
  const seqs = await lastSeqs(url, sent.couples);
  const all = sent.couples.map((couple, at) => {
    const [before = 0, after = 0, count = 0] = [sent.seqsBefore[at], seqs[at], sent.pairs[at]?.sent];
    return { couple, before, after, count, name: `${sent.run}-${at}` };
  });
  const short = all.filter(({ before, after, count }) => after - before !== count);
  if (short.length > 0) throw new Error(`${short.length} conversations did not grow by what was acknowledged.`);

  for (const { couple, before, count, name } of sample(seededRandom(sent.seed), all, SAMPLE)) {
    const stored = await historyAfter(url, couple, before);
    const isAsSent = stored.every(
      ({ seq, clientMessageId }, number) => seq === before + number + 1 && clientMessageId === `${name}-${number}`,
    );
    if (stored.length !== count || !isAsSent)
      throw new Error(`The history of ${couple.conversationId} is not what was sent.`);
  }
}

const newRun = (): string => randomUUID().slice(0, 8);
