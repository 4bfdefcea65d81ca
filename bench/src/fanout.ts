/** What one group with all its members online can take: deliveries a second, beside a bare Socket.IO room. */
import { randomUUID } from 'node:crypto';
import type { Conversation, CreateConversation } from '@parley/protocol';
import { Child } from './child.js';
import type { FanoutJob, FanoutReport, FromFanoutGenerator } from './fanout-generator.js';
import { call, registerPeople } from './people.js';
import type { FromPrototype } from './prototype.js';
import { publish } from './results.js';
import { median, round } from './statistics.js';
import { type CpuUse, startCpuMeter } from './usage.js';
import { withServer } from './with-server.js';

export interface FanoutOptions extends Omit<FanoutJob, 'port' | 'conversationId' | 'auths' | 'run'> {
  readonly members: number;
  readonly rounds: number;
}

type Load = Omit<FanoutOptions, 'members' | 'rounds'>;
type Run = FanoutReport & { readonly cpuSeconds: CpuUse };

export async function fanout({ members, rounds, ...load }: FanoutOptions): Promise<void> {
  await withServer(async (server, postgres) => {
    console.log(`registering ${members} people …`);
    const [owner, ...others] = await registerPeople(server.url, members);
    if (!owner) throw new Error('A group needs members.');
    const group: CreateConversation = {
      type: 'group',
      name: 'Everybody',
      participantIds: others.map(({ userId }) => userId),
    };
    const { id } = await call<Conversation>(`${server.url}/conversations`, owner.token, group);
    const tokens = [owner, ...others].map(({ token }) => ({ token }));
    const { postmaster } = postgres;

    const bare: Run[] = [];
    const ours: Run[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      bare.push(await measureBare(members, load, postmaster));
      const seat = { port: server.port, conversationId: id, auths: tokens, run: randomUUID().slice(0, 8) };
      ours.push(await measure({ ...load, ...seat }, { server: server.pid, postmaster }));
    }
    publishFanout({ members, rounds, ...load }, postgres.version, bare, ours);
  });
}

/** A room of Socket.IO in a process of its own, with no database behind it. */
async function measureBare(members: number, load: Load, postmaster: number): Promise<Run> {
  const prototype = new Child<FromPrototype>('./prototype.js');
  try {
    const { port } = await prototype.next('listening');
    const conversationId = randomUUID();
    const auths = Array.from({ length: members }, () => ({ userId: randomUUID(), conversationId }));
    const run = randomUUID().slice(0, 8);
    return await measure({ ...load, port, conversationId, auths, run }, { server: prototype.pid, postmaster });
  } finally {
    await prototype.end();
  }
}

async function measure(job: FanoutJob, processes: { server: number; postmaster: number }): Promise<Run> {
  const generator = new Child<FromFanoutGenerator>('./fanout-generator.js');
  try {
    generator.send(job);
    await generator.next('window opened');
    const cpuUsed = startCpuMeter({ ...processes, generator: generator.pid });
    await generator.next('window closed');
    const cpuSeconds = cpuUsed();
    return { ...(await generator.next('report')).report, cpuSeconds };
  } finally {
    await generator.end();
  }
}

function publishFanout(parameters: FanoutOptions, postgres: string, bare: readonly Run[], ours: readonly Run[]): void {
  const medianOf = (runs: readonly Run[]): number => round(median(runs.map((run) => run.deliveriesPerSecond)));
  const ratio = round(medianOf(ours) / medianOf(bare), 2);
  const verdict =
    `A group of ${parameters.members} online members takes ${medianOf(ours)} deliveries a second, ${ratio} of a bare ` +
    `Socket.IO room's ${medianOf(bare)} (medians; counted at the members' sockets, the server's durable, the room's not).`;
  const rowOf = (name: string, run: Run) => {
    const micros = (seconds: number): number => round((seconds / run.seconds / run.deliveriesPerSecond) * 1e6, 1);
    const { server, postgres: database, generator, rest } = run.cpuSeconds;
    return [
      name,
      run.deliveriesPerSecond,
      round(run.messages / run.seconds, 1),
      `${run.everybodyMs.p50} / ${run.everybodyMs.p95} / ${run.everybodyMs.p99}`,
      [server, database, generator].map(micros).join(' / '),
      rest,
    ];
  };
  publish({
    scenario: 'fanout',
    seed: parameters.seed,
    postgres,
    parameters,
    verdict,
    columns: [
      'run',
      'deliveries/s',
      'messages/s',
      'until everybody has it p50 / p95 / p99, ms',
      'CPU µs a delivery: server / PostgreSQL / generator',
      'rest of the machine, CPU s',
    ],
    rows: bare.flatMap((room, at) => {
      const server = ours[at];
      return [rowOf(`bare room ${at + 1}`, room), ...(server ? [rowOf(`server ${at + 1}`, server)] : [])];
    }),
    details: { ratio, bare, ours },
  });
  console.log(verdict);
}
