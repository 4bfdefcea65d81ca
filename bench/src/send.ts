/** Durable 1-to-1 throughput: pairs in a closed loop, the server and the bare prototype turn by turn. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type RunningServer, startServer } from '@parley/e2e/harness';
import { Child } from './child.js';
import { SharedPostgres } from './database.js';
import type { Job, PairOutcome, PairSeat } from './generator.js';
import { assertFaultless, measure, type Measurement } from './measurement.js';
import { type Couple, historyAfter, lastSeqs, makeCouples } from './people.js';
import type { FromPrototype } from './prototype.js';
import { sample, seededRandom } from './random.js';
import { publish } from './results.js';
import { median, round } from './statistics.js';

export interface SendOptions extends Omit<Job, 'port' | 'pairs' | 'run'> {
  readonly pairs: number;
  readonly rounds: number;
  /** Writes a CPU profile of the server beside the results. */
  readonly profile: boolean;
}

const SAMPLE = 10;
const PROFILES = fileURLToPath(new URL('../../results', import.meta.url));
/** Limits are per user and address, and here everybody calls from one; tokens must last as long as the bench. */
const SERVER_SETTINGS = { LIMITS: 'off', LOG_LEVEL: 'warn', ACCESS_TOKEN_TTL: '7200' };

export async function send({ pairs, rounds, profile, ...load }: SendOptions): Promise<void> {
  const nodeArgs = profile ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`] : [];
  const server = await startServer({ env: SERVER_SETTINGS, nodeArgs });
  try {
    const postgres = await SharedPostgres.of(server.dataDir);
    console.log(`registering ${2 * pairs} people …`);
    const couples = await makeCouples(server.url, pairs);
    const prototypes: Measurement[] = [];
    const servers: Measurement[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      prototypes.push(report(`prototype ${round}`, await measurePrototype(postgres, pairs, load)));
      servers.push(report(`server ${round}`, await measureServer(server, postgres, couples, load)));
    }
    publishSend({ pairs, rounds, ...load }, postgres.version, prototypes, servers);
    const complaints = server
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":'));
    if (complaints.length > 0)
      console.log(`The server complained ${complaints.length} times, at last: ${complaints.at(-1)}`);
    await postgres.close();
  } finally {
    await server.cleanup();
  }
}

type Load = Omit<SendOptions, 'pairs' | 'rounds' | 'profile'>;

async function measurePrototype(postgres: SharedPostgres, pairs: number, load: Load): Promise<Measurement> {
  const url = await postgres.createDatabase('bench_prototype');
  const prototype = new Child<FromPrototype>('./prototype.js', { env: { DATABASE_URL: url } });
  try {
    const { port } = await prototype.next('listening');
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
    return measurement;
  } finally {
    await prototype.end();
  }
}

async function measureServer(
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

function report(name: string, measurement: Measurement): Measurement {
  const { messagesPerSecond, ackMs, cpuMicrosecondsPerMessage: cost, cpuSeconds } = measurement;
  console.log(
    `${name}: ${messagesPerSecond} msg/s, ack p50 ${ackMs.p50} p99 ${ackMs.p99} ms; µs CPU a message: ` +
      `server ${cost.server}, PostgreSQL ${cost.postgres}, generator ${cost.generator}; rest of the machine ${cpuSeconds.rest} s`,
  );
  return measurement;
}

function publishSend(
  parameters: Omit<SendOptions, 'profile'>,
  postgres: string,
  prototypes: readonly Measurement[],
  servers: readonly Measurement[],
): void {
  const medianOf = (runs: readonly Measurement[]): number => median(runs.map((run) => run.messagesPerSecond));
  const ratio = round(medianOf(servers) / medianOf(prototypes), 2);
  const verdict =
    `The server carries ${round(medianOf(servers))} durable messages a second, ${ratio} of the bare prototype's ` +
    `${round(medianOf(prototypes))} (medians; counted at the receivers' sockets).`;
  const rowOf = (name: string, run: Measurement) => [
    name,
    run.messagesPerSecond,
    `${run.ackMs.p50} / ${run.ackMs.p95} / ${run.ackMs.p99}`,
    `${run.deliveryMs.p50} / ${run.deliveryMs.p95} / ${run.deliveryMs.p99}`,
    Object.values(run.cpuMicrosecondsPerMessage).join(' / '),
    run.serverRssMib,
    `${run.readMarks.refused} / ${run.readMarks.sent}`,
    run.cpuSeconds.rest,
  ];
  publish({
    scenario: 'send',
    seed: parameters.seed,
    postgres,
    parameters: { ...parameters, limits: 'off' },
    verdict,
    columns: [
      'run',
      'messages/s',
      'ack p50 / p95 / p99, ms',
      'delivery p50 / p95 / p99, ms',
      'CPU µs a message: server / PostgreSQL / generator',
      'server RSS, MiB',
      'read marks refused / sent',
      'rest of the machine, CPU s',
    ],
    rows: prototypes.flatMap((prototype, at) => {
      const server = servers[at];
      return [rowOf(`prototype ${at + 1}`, prototype), ...(server ? [rowOf(`server ${at + 1}`, server)] : [])];
    }),
    details: { ratio, prototypes, servers },
  });
  console.log(verdict);
}
