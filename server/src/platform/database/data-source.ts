import pg from 'pg';
import { DataSource } from 'typeorm';
import type { Config } from '../../config.js';

// Counters stay below 2^53 (PROTOCOL), so 64-bit integers are safe as numbers.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** How long a request may wait for PostgreSQL before it is told that the server cannot do this now, in ms. */
const CONNECT_TIMEOUT = 2_000;
const QUERY_TIMEOUT = 2_500;
/** How long a transaction may do nothing, in ms: a process that stands still must not hold what others wait for. */
const IDLE_TIMEOUT = 15_000;

/** The data source of ordinary work. */
export function createDataSource(
  url: string,
  config: Pick<Config, 'DATABASE_POOL_SIZE'>,
  entities: readonly (new () => object)[],
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    synchronize: false,
    parseInt8: true,
    applicationName: 'parley',
    poolSize: config.DATABASE_POOL_SIZE,
    connectTimeoutMS: CONNECT_TIMEOUT,
    extra: { query_timeout: QUERY_TIMEOUT, idle_in_transaction_session_timeout: IDLE_TIMEOUT, keepAlive: true },
  });
}
