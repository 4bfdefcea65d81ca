import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { databaseName, type Cluster } from './cluster.js';
import type { EmbeddedLog } from './embedded-log.js';
import { AlreadyServedError, type Ownership } from './ownership.js';
import {
  findPostmaster,
  launchPostmaster,
  pickPort,
  stopPostmaster,
  tailOfLog,
  type Postmaster,
} from './postmaster.js';
import { errorCode } from './staging.js';

/** What it takes to bring a cluster up. */
export interface Undertaking {
  readonly cluster: Cluster;
  readonly ownership: Ownership;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: EmbeddedLog;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

/** PostgreSQL up and locked by us. */
export interface Hold {
  readonly postmaster: Postmaster;
  readonly connection: Client;
  /** Resolves when the connection that holds the lock ends, which is how we learn that PostgreSQL died. */
  readonly lost: Promise<void>;
}

const patienceWithConnect = 30_000;

/** Adopts the PostgreSQL that runs on the cluster, or launches one; on the given port, if there is one. */
export async function takeHold(undertaking: Undertaking, port: number | null): Promise<Hold> {
  const { cluster, ownership, settings, log } = undertaking;
  const running = await findPostmaster(cluster);
  if (running !== null) log('info', 'PostgreSQL is already running; adopting it', { ...running });
  const postmaster = running ?? (await launchPostmaster(cluster, port ?? (await pickPort()), settings));
  try {
    const connection = await connectWhenReady(postmaster, undertaking);
    // The one we found was shutting down.
    if (connection === null && running !== null) return await takeHold(undertaking, port);
    if (connection === null) throw new Error(`PostgreSQL died while starting. ${await tailOfLog(cluster)}`);
    const lost = new Promise<void>((resolve) => connection.once('end', resolve));
    await ownership.take(connection).catch(async (error: unknown) => {
      await connection.end();
      throw error;
    });
    if (port === null || port === postmaster.port) return { postmaster, connection, lost };
  } catch (error) {
    // Another server may already have adopted the one we launched; then it is theirs.
    if (running === null && !(error instanceof AlreadyServedError)) await stopPostmaster(postmaster, cluster, log);
    throw error;
  }
  await stopPostmaster(postmaster, cluster, log);
  throw new Error(`PostgreSQL came up on port ${postmaster.port} instead of ${port}; it was stopped to move it back.`);
}

/** Connects as soon as PostgreSQL lets us; null when it ends first. */
async function connectWhenReady(postmaster: Postmaster, undertaking: Undertaking): Promise<Client | null> {
  const { cluster, log, signal } = undertaking;
  const deadline = Date.now() + patienceWithConnect;
  for (let attempt = 1; ; attempt += 1) {
    const connection = clientFor(cluster, postmaster.port);
    try {
      await connection.connect();
      return connection;
    } catch (error) {
      await connection.end().catch(() => {});
      if ((await findPostmaster(cluster))?.pid !== postmaster.pid) return null;
      if (errorCode(error) === '28P01') {
        throw new Error(`PostgreSQL refuses the password kept in ${cluster.home}/password.`, { cause: error });
      }
      // 57P03: it starts up, recovers or shuts down, and takes as long as that takes.
      if (errorCode(error) !== '57P03' && Date.now() > deadline) throw error;
      if (attempt % 200 === 0) log('info', 'still waiting for PostgreSQL', { reason: String(error) });
      await sleep(50, undefined, { signal });
    }
  }
}

function clientFor(cluster: Cluster, port: number): Client {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: databaseName,
    password: cluster.password,
    database: 'postgres',
    ssl: false,
    application_name: 'parley keeper',
    connectionTimeoutMillis: 10_000,
  });
  // An error here is followed by `end`, which is what we act upon; unheard, it would end the process.
  client.on('error', () => {});
  return client;
}
