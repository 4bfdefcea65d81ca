import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from './database/migrations/index.js';
import { StartError } from '../start-error.js';
import { isDatabaseAway } from './app-error.js';
import { migrateJobs } from './jobs/postgres-job-queue.js';
import type { Log } from './logging/log.js';

/** Any number that every node knows: only one node migrates at a time. */
const MIGRATION_LOCK = 7_240_117;
const OLDEST_MAJOR = 15;
/** How long a start waits for PostgreSQL, in ms. */
const PATIENCE = 30_000;
const LOOK_AGAIN = 1_000;

/** What would make an acknowledged message lossy, were it off. */
async function assertDurable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings
     WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num')`,
  );
  const settings = new Map(rows.map((row) => [row.name, row.setting]));
  const major = Math.floor(Number(settings.get('server_version_num')) / 10_000);
  if (major < OLDEST_MAJOR) throw new StartError(`PostgreSQL ${OLDEST_MAJOR} or newer is needed, this is ${major}.`);
  const off = ['fsync', 'full_page_writes'].filter((name) => settings.get(name) !== 'on');
  const commit = settings.get('synchronous_commit') ?? '';
  if (!['on', 'remote_apply', 'remote_write', 'local'].includes(commit)) off.push('synchronous_commit');
  if (off.length > 0) {
    throw new StartError(
      `PostgreSQL must not run with these switched off: ${off.join(', ')}. Acknowledged messages could be lost.`,
    );
  }
}

/**
 * A connection to PostgreSQL, waited for while it is still starting: services come up in any order. What waiting cannot
 * cure (a wrong password, no such database) is told at once.
 */
async function connect(url: string, log: Log): Promise<pg.Client> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      application_name: 'parley-start',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const reason = error instanceof Error ? error.message : String(error);
      if (!isDatabaseAway(error) || Date.now() > deadline) throw new StartError(`PostgreSQL cannot be used: ${reason}`);
      log.warn('waiting for PostgreSQL', { error: reason });
      await sleep(LOOK_AGAIN);
    }
  }
}

/** Runs what is left of the migrations, one node at a time, and checks that the database keeps what it is given. */
export async function prepareDatabase(url: string, log: Log): Promise<void> {
  const dataSource = new DataSource({ type: 'postgres', url, migrations, migrationsTransactionMode: 'each' });
  const client = await connect(url, log);
  try {
    await assertDurable(client);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.initialize();
    await dataSource.runMigrations();
    await migrateJobs(url);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await client.end();
  }
}
