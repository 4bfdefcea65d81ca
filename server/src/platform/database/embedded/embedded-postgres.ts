import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { databaseName, openCluster, type Cluster } from './cluster.js';
import type { EmbeddedLog } from './embedded-log.js';
import { takeHold, type Hold, type Undertaking } from './hold.js';
import { Ownership } from './ownership.js';
import { findPostmaster, stopPostmaster } from './postmaster.js';

export type { EmbeddedLog };

/** A PostgreSQL of our own, kept alive until it is stopped. */
export interface EmbeddedPostgres {
  /** Connection URL of database `parley`, loopback only. */
  readonly url: string;
  /** Stops PostgreSQL (fast shutdown), resolves when the postmaster is gone. */
  stop(): Promise<void>;
}

const patienceAtStart = 30_000;

/** Failures that pass: processes of a previous run are still dying, somebody took the port, or was faster than us. */
const passing = /shared memory block|could not bind|could not create any TCP|lock file ".*" (already exists|is empty)/;

/**
 * Starts, or adopts, the PostgreSQL whose data lie under `<dataDir>/postgres`. The `settings` override our defaults;
 * a PostgreSQL that is adopted, because its server was killed, keeps those it was started with.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log: EmbeddedLog;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const { dataDir, log, settings = {} } = options;
  const cluster = await openCluster(dataDir, log);
  const keeper = new Keeper(cluster, settings, log);
  await keeper.start();
  return keeper;
}

/** Brings PostgreSQL up and, whenever it dies, up again on the same port, until told to stop. */
class Keeper implements EmbeddedPostgres {
  private readonly ownership: Ownership;
  private readonly stopping = new AbortController();
  private readonly undertaking: Undertaking;
  private port: number | null = null;
  private connection: Client | null = null;
  private supervision: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | null = null;

  constructor(
    private readonly cluster: Cluster,
    settings: Readonly<Record<string, string>>,
    private readonly log: EmbeddedLog,
  ) {
    this.ownership = new Ownership(cluster);
    this.undertaking = { cluster, ownership: this.ownership, settings, log, signal: this.stopping.signal };
  }

  get url(): string {
    return `postgres://${databaseName}:${this.cluster.password}@127.0.0.1:${this.port}/${databaseName}`;
  }

  async start(): Promise<void> {
    const begunAt = performance.now();
    await this.ownership.check();
    const hold = await this.bringUp((reason) => passing.test(reason) && performance.now() < begunAt + patienceAtStart);
    this.port = hold.postmaster.port;
    this.supervision = this.supervise(hold);
    try {
      await makeDatabase(hold.connection);
    } catch (error) {
      await this.stop();
      throw error;
    }
    const ms = Math.round(performance.now() - begunAt);
    this.log('info', 'PostgreSQL is ready', { ...hold.postmaster, directory: this.cluster.home, ms });
  }

  stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    this.stopping.abort();
    await this.connection?.end().catch(() => {});
    await this.supervision;
    // The note of our ownership still stands, so whatever runs now on the cluster is ours to stop.
    const running = await findPostmaster(this.cluster);
    if (running !== null) await stopPostmaster(running, this.cluster, this.log);
    await this.ownership.release();
    this.log('info', 'PostgreSQL is stopped');
  }

  private async supervise(first: Hold): Promise<void> {
    let hold = first;
    while (!this.stopping.signal.aborted) {
      this.connection = hold.connection;
      await hold.lost;
      if (this.stopping.signal.aborted) return;
      this.log('error', 'PostgreSQL went away; bringing it back', { ...hold.postmaster });
      try {
        hold = await this.bringUp(() => true);
      } catch {
        // Only stop() ends the attempts.
        return;
      }
      this.log('info', 'PostgreSQL is back', { ...hold.postmaster });
    }
  }

  private async bringUp(mayPass: (reason: string) => boolean): Promise<Hold> {
    const { signal } = this.stopping;
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5_000)) {
      try {
        return await takeHold(this.undertaking, this.port);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (signal.aborted || !mayPass(reason)) throw error;
        this.log('warn', 'PostgreSQL did not come up; trying again', { reason, waitMs });
        await sleep(waitMs, undefined, { signal });
      }
    }
  }
}

/** A kill -9 may fall between initdb and this, so it is not part of making the cluster. */
async function makeDatabase(connection: Client): Promise<void> {
  const { rowCount } = await connection.query('SELECT FROM pg_database WHERE datname = $1', [databaseName]);
  if (rowCount === 0) await connection.query(`CREATE DATABASE ${databaseName}`);
}
