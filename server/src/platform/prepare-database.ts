import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from './database/migrations/index.js';
import { migrateJobs } from './jobs/jobs.js';

/** Any number that every node knows: only one node migrates at a time. */
const MIGRATION_LOCK = 7_240_117;
const OLDEST_MAJOR = 15;

/** A database the server refuses to run on; the message says what to change. */
export class DatabaseError extends Error {}

/** What would make an acknowledged message lossy, were it off. */
async function assertDurable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings
     WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num')`,
  );
  const settings = new Map(rows.map((row) => [row.name, row.setting]));
  const major = Math.floor(Number(settings.get('server_version_num')) / 10_000);
  if (major < OLDEST_MAJOR) throw new DatabaseError(`PostgreSQL ${OLDEST_MAJOR} or newer is needed, this is ${major}.`);
  const off = ['fsync', 'full_page_writes'].filter((name) => settings.get(name) !== 'on');
  const commit = settings.get('synchronous_commit') ?? '';
  if (!['on', 'remote_apply', 'remote_write', 'local'].includes(commit)) off.push('synchronous_commit');
  if (off.length > 0) {
    throw new DatabaseError(
      `PostgreSQL must not run with these switched off: ${off.join(', ')}. Acknowledged messages could be lost.`,
    );
  }
}

/** Runs what is left of the migrations, one node at a time, and checks that the database keeps what it is given. */
export async function prepareDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  const dataSource = new DataSource({ type: 'postgres', url, migrations, migrationsTransactionMode: 'each' });
  await client.connect();
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
