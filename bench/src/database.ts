import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { concurrently } from './concurrently.js';
import { parentOf } from './usage.js';

/** As many as a small machine has cores. */
const WRITERS = 2;

/** The PostgreSQL that the server under test has started, and that the prototype is measured on as well. */
export class SharedPostgres {
  private constructor(
    private readonly url: string,
    private readonly client: pg.Client,
    readonly version: string,
    readonly postmaster: number,
  ) {}

  /** Connects to the embedded PostgreSQL of a data directory. */
  static async of(dataDir: string): Promise<SharedPostgres> {
    const url = (await readFile(join(dataDir, 'postgres.url'), 'utf8')).trim();
    const client = new pg.Client({ connectionString: url });
    // When a run fails its PostgreSQL goes away under us; what is told then is the failure.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ version: string; pid: number }>(
      `SELECT current_setting('server_version') AS version, pg_backend_pid() AS pid`,
    );
    return new SharedPostgres(url, client, rows[0]?.version ?? 'unknown', parentOf(rows[0]?.pid ?? 0));
  }

  /** Makes an empty database and returns its URL. */
  async createDatabase(name: string): Promise<string> {
    await this.client.query(`DROP DATABASE IF EXISTS ${name}`);
    await this.client.query(`CREATE DATABASE ${name}`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Runs SQL in the server's own database. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<pg.QueryResult<Row>> {
    return this.client.query<Row>(sql);
  }

  /** The columns of a table that can be written. */
  async columnsOf(table: string): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO'
       ORDER BY ordinal_position`,
      [table],
    );
    return rows.map(({ name }) => name);
  }

  /** Executes statements that can be made again: in any order, several at once, not waiting for the disk. */
  async inBulk(statements: readonly string[]): Promise<void> {
    const clients = Array.from({ length: WRITERS }, () => new pg.Client({ connectionString: this.url }));
    const idle = [...clients];
    for (const client of clients) {
      await client.connect();
      await client.query('SET synchronous_commit = off');
    }
    try {
      await concurrently(statements, WRITERS, async (statement) => {
        const client = idle.pop();
        if (!client) throw new Error('There is a client for each worker.');
        await client.query(statement);
        idle.push(client);
      });
    } finally {
      for (const client of clients) await client.end();
    }
  }

  /** Brings it to where it would be a minute later, so that runs begin alike: rows counted, pages written out. */
  async settle(): Promise<void> {
    await this.client.query('ANALYZE');
    await this.client.query('CHECKPOINT');
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
