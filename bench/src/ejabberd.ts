/** The same pairs on ejabberd as Debian ships it, with its archive in the same PostgreSQL and without, and on our server. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { findEjabberd, type Installation } from '../peers/ejabberd/installation.js';
import { EjabberdNode, type Equipment } from '../peers/ejabberd/node.js';
import type { FromXmppGenerator, XmppJob, XmppReport } from '../peers/ejabberd/xmpp-generator.js';
import { Child } from './child.js';
import type { SharedPostgres } from './database.js';
import { type Load, measureServer } from './pairs.js';
import { makeCouples } from './people.js';
import { publish } from './results.js';
import { round } from './statistics.js';
import { type CpuUse, startCpuMeter } from './usage.js';
import { withServer } from './with-server.js';

export interface EjabberdOptions extends Omit<Load, 'pace'> {
  readonly pairs: number;
  readonly inFlight: number;
}

type Run = XmppReport & { readonly cpuSeconds: CpuUse };

/** Each message lies in the archive of either end. */
const COPIES = 2;
const EQUIPMENTS: readonly Equipment[] = ['nothing else', 'modules', 'modules and archive'];

export async function ejabberd({ pairs, inFlight, ...load }: EjabberdOptions): Promise<void> {
  const installation = findEjabberd();
  if (typeof installation === 'string') {
    console.log(`Skipped ejabberd: ${installation}.`);
    return;
  }
  await withServer(async (server, postgres) => {
    const peers: { name: string; run: Run }[] = [];
    for (const equipment of EQUIPMENTS) {
      const options = { pairs, inFlight, equipment, ...load };
      const run = await measureEjabberd(installation, postgres, options);
      peers.push({ name: `ejabberd, ${equipment}`, run });
      console.log(`ejabberd, ${equipment}: ${run.messagesPerSecond} msg/s`);
    }
    console.log(`registering ${2 * pairs} people …`);
    const couples = await makeCouples(server.url, pairs);
    const ours = await measureServer(server, postgres, couples, { ...load, pace: { inFlight } });
    publishEjabberd({ pairs, inFlight, ...load }, { installation, postgres: postgres.version }, [
      ...peers,
      { name: 'server', run: ours },
    ]);
  });
}

async function measureEjabberd(
  installation: Installation,
  postgres: SharedPostgres,
  { pairs, equipment, ...load }: EjabberdOptions & { equipment: Equipment },
): Promise<Run> {
  const databaseUrl = await postgres.createDatabase('bench_ejabberd');
  const database = new pg.Client({ connectionString: databaseUrl });
  database.on('error', () => undefined);
  await database.connect();
  const password = randomBytes(12).toString('hex');
  const names = Array.from({ length: pairs }, (_, at) => [`sender${at}`, `receiver${at}`] as const);
  await database.query(await readFile(installation.schema, 'utf8'));
  await database.query('INSERT INTO users (username, password) SELECT unnest($1::text[]), $2', [
    names.flat(),
    password,
  ]);
  const node = await EjabberdNode.start(installation, { databaseUrl, equipment });
  try {
    await postgres.settle();
    const job: XmppJob = { ...load, port: node.port, pairs: names, password };
    const run = await measure(job, { server: node.pid, postmaster: postgres.postmaster });
    const { rows } = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM archive');
    const stored = rows[0]?.count ?? 0;
    const expected = equipment === 'modules and archive' ? COPIES * run.messages : 0;
    if (stored < expected) throw new Error(`The archive holds ${stored} rows instead of at least ${expected}.`);
    return run;
  } finally {
    await node.stop();
    await database.end();
  }
}

async function measure(job: XmppJob, processes: { server: number; postmaster: number }): Promise<Run> {
  const generator = new Child<FromXmppGenerator>('../peers/ejabberd/xmpp-generator.js');
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

function publishEjabberd(
  parameters: EjabberdOptions,
  { installation, postgres }: { installation: Installation; postgres: string },
  runs: readonly { name: string; run: Run }[],
): void {
  const [bare = 0, without = 0, archived = 0, ours = 0] = runs.map(({ run }) => run.messagesPerSecond);
  const verdict =
    `The server carries ${ours} durable messages a second: ${round(ours / archived, 1)} times the ${archived} of ejabberd ` +
    `${installation.version} with its archive in the same PostgreSQL, ${round(ours / without, 2)} of its ${without} with no ` +
    `archive, ${round(ours / bare, 2)} of its ${bare} with no modules at all.`;
  publish({
    scenario: 'ejabberd',
    seed: parameters.seed,
    postgres,
    parameters: { ...parameters, ejabberd: installation.version },
    verdict,
    columns: [
      'run',
      'messages/s',
      'delivery p50 / p95 / p99, ms',
      'CPU µs a message: server / PostgreSQL / generator',
      'rest of the machine, CPU s',
    ],
    rows: runs.map(({ name, run }) => {
      const { server, postgres: database, generator, rest } = run.cpuSeconds;
      const micros = (seconds: number): number => round((seconds / run.messages) * 1e6, 1);
      const { p50, p95, p99 } = run.deliveryMs;
      return [
        name,
        run.messagesPerSecond,
        `${p50} / ${p95} / ${p99}`,
        [server, database, generator].map(micros).join(' / '),
        rest,
      ];
    }),
    details: { runs },
  });
  console.log(verdict);
}
