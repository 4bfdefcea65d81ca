/** What an idle connection costs: the server's memory without and with them, beside a bare Socket.IO server. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '@parley/e2e/harness';
import { Child } from './child.js';
import { concurrently } from './concurrently.js';
import { type Auth, Connection } from './connection.js';
import { SharedPostgres } from './database.js';
import { registerPeople } from './people.js';
import type { FromPrototype } from './prototype.js';
import { publish } from './results.js';
import { round } from './statistics.js';
import { residentBytes } from './usage.js';

interface Subject {
  readonly port: number;
  readonly auths: readonly Auth[];
  collectGarbage(): void;
  /** Resident memory and used heap, in bytes. */
  memory(): Promise<{ rss: number; heap: number }>;
}

interface Cost {
  readonly rssBeforeMib: number;
  readonly rssAfterMib: number;
  readonly rssKibEach: number;
  readonly heapKibEach: number;
}

const SOCKETS_PER_USER = 10;
const CONNECTING_AT_A_TIME = 50;
const COLLECTIONS = 3;
const REST = 2_000;
const NODE_ARGS = ['--expose-gc', '--import', new URL('./collect-garbage.js', import.meta.url).href];

export async function idle({ connections, seed }: { connections: number; seed: number }): Promise<void> {
  const env = { LIMITS: 'off', LOG_LEVEL: 'warn' };
  const first = await startServer({ env });
  const { dataDir } = first;
  try {
    const people = await registerPeople(first.url, Math.ceil(connections / SOCKETS_PER_USER));
    // What registering so many people leaves behind in memory is not what is asked for here.
    await first.stop();
    const server = await startServer({ env, dataDir, nodeArgs: NODE_ARGS });
    const postgres = await SharedPostgres.of(dataDir);
    const tokens = people.flatMap(({ token }) => Array<Auth>(SOCKETS_PER_USER).fill({ token }));
    const ours = await costOf({
      port: server.port,
      auths: tokens.slice(0, connections),
      collectGarbage: () => process.kill(server.pid, 'SIGUSR2'),
      memory: async () => ({ rss: residentBytes(server.pid), heap: await heapOf(server.url) }),
    });
    const bare = await costOfBare(connections);
    publishIdle({ connections, seed }, postgres.version, ours, bare);
    await postgres.close();
    await server.stop();
  } finally {
    await first.cleanup();
  }
}

async function costOfBare(connections: number): Promise<Cost> {
  const prototype = new Child<FromPrototype>('./prototype.js', { nodeArgs: NODE_ARGS });
  try {
    const { port } = await prototype.next('listening');
    return await costOf({
      port,
      auths: Array.from({ length: connections }, () => ({ userId: randomUUID(), conversationId: randomUUID() })),
      collectGarbage: () => prototype.signal('SIGUSR2'),
      memory: async () => {
        prototype.send({ kind: 'memory' });
        const { memory } = await prototype.next('memory');
        return { rss: residentBytes(prototype.pid), heap: memory.heapUsed };
      },
    });
  } finally {
    await prototype.end();
  }
}

/** The first connections only warm the code up; they are gone when the counting begins. */
async function costOf(subject: Subject): Promise<Cost> {
  const warmUp = await connectAll(subject, subject.auths.slice(0, subject.auths.length / 10));
  for (const connection of warmUp) connection.close();
  const before = await settled(subject);
  const connections = await connectAll(subject, subject.auths);
  const after = await settled(subject);
  for (const connection of connections) connection.close();
  return {
    rssBeforeMib: round(before.rss / 2 ** 20, 1),
    rssAfterMib: round(after.rss / 2 ** 20, 1),
    rssKibEach: round((after.rss - before.rss) / connections.length / 2 ** 10, 1),
    heapKibEach: round((after.heap - before.heap) / connections.length / 2 ** 10, 1),
  };
}

function connectAll({ port }: Subject, auths: readonly Auth[]): Promise<Connection[]> {
  return concurrently(auths, CONNECTING_AT_A_TIME, (auth) => Connection.open({ port, auth }));
}

async function settled(subject: Subject): Promise<{ rss: number; heap: number }> {
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    await sleep(REST);
    subject.collectGarbage();
  }
  await sleep(REST);
  return subject.memory();
}

async function heapOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes(?:\{.*\})? (\S+)/m.exec(metrics)?.[1] ?? Number.NaN);
}

function publishIdle(
  parameters: { connections: number; seed: number },
  postgres: string,
  ours: Cost,
  bare: Cost,
): void {
  const verdict =
    `An idle connection takes ${ours.rssKibEach} KiB of the server's memory, ` +
    `${round(ours.rssKibEach / bare.rssKibEach, 2)} of bare Socket.IO's ${bare.rssKibEach} KiB.`;
  const row = (name: string, cost: Cost) => [name, ...Object.values(cost)];
  publish({
    scenario: 'idle',
    seed: parameters.seed,
    postgres,
    parameters: { ...parameters, socketsPerUser: SOCKETS_PER_USER },
    verdict: `${verdict} ${parameters.connections} sockets, ${SOCKETS_PER_USER} to a user; after garbage collection.`,
    columns: ['', 'RSS before, MiB', 'RSS after, MiB', 'RSS each, KiB', 'heap each, KiB'],
    rows: [row('server', ours), row('bare Socket.IO', bare)],
    details: { server: ours, bare },
  });
  console.log(verdict);
}
