import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Cluster } from './cluster.js';
import { inspectProcess } from './processes.js';

/** Another server serves this data directory; waiting will not help. */
export class AlreadyServedError extends Error {
  constructor(directory: string, pid: string) {
    super(
      `Another Parley server (${pid}) uses the data in ${directory}. ` +
        'Stop it, or give this one a directory of its own by PARLEY_DATA_DIR.',
    );
    this.name = 'AlreadyServedError';
  }
}

/** An arbitrary number, the same in every Parley. */
const lockKey = 7_061_726_079;

/**
 * One server's claim to a cluster: an advisory lock in PostgreSQL and, beside the data, a note of our pid.
 *
 * The lock decides, because PostgreSQL gives it to one session only and takes it back when that session's process is
 * gone, however it went. The note bridges what the lock cannot: while PostgreSQL itself is down, after a crash, nobody
 * holds a lock. It is written under the lock only, and counts as long as its process lives.
 */
export class Ownership {
  private readonly noteFile: string;
  private readonly token = randomUUID();

  constructor(private readonly cluster: Cluster) {
    this.noteFile = join(cluster.home, 'server.pid');
  }

  /** Refuses when the note names another server that is alive. */
  async check(): Promise<void> {
    const note = await readFile(this.noteFile, 'utf8').catch(() => '');
    const [pid = '', startedAt, token] = note.trimEnd().split('\n');
    if (token === undefined || token === this.token) return;
    if ((await inspectProcess(Number(pid)))?.startedAt === startedAt) {
      throw new AlreadyServedError(this.cluster.home, `process ${pid}`);
    }
  }

  /** Takes the lock on a connection, which then has to stay open, and writes the note. */
  async take(connection: Client): Promise<void> {
    const deadline = Date.now() + 2_000;
    while (!(await tryLock(connection))) {
      // The session of a server that was killed a moment ago may not yet have noticed.
      if (Date.now() > deadline) throw new AlreadyServedError(this.cluster.home, 'connected to its PostgreSQL');
      await sleep(50);
    }
    await this.check();
    const self = await inspectProcess(process.pid);
    // A note left behind may belong to root, while now the owner of the data is back.
    await rm(this.noteFile, { force: true });
    await writeFile(this.noteFile, `${process.pid}\n${self?.startedAt}\n${this.token}\n`, { mode: 0o600 });
  }

  /** Takes the note away, if it is ours. */
  async release(): Promise<void> {
    const note = await readFile(this.noteFile, 'utf8').catch(() => '');
    if (note.includes(this.token)) await rm(this.noteFile, { force: true });
  }
}

async function tryLock(connection: Client): Promise<boolean> {
  const { rows } = await connection.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [lockKey]);
  return rows[0]?.locked === true;
}
