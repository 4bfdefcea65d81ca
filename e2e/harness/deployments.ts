import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasRedis, type RunningRedis, startRedis } from './redis.js';
import { type RunningServer, startServer } from './server.js';

/** Servers that are one installation to the people on them. */
export interface Deployment {
  /** Where its nodes are reached: one, or more that share everything. */
  readonly urls: readonly [string, ...string[]];
  readonly servers: readonly [RunningServer, ...RunningServer[]];
  /** What connects its nodes, where there are several. */
  readonly redis?: RunningRedis;
  /** Ends all of it and removes its data. */
  cleanup(): Promise<void>;
}

/** A way to run Parley. */
export interface Kind {
  readonly name: string;
  /** Whether this machine lacks what it needs. */
  readonly isMissing: boolean;
  /** Starts it with these settings on every node. */
  start(env?: Readonly<Record<string, string>>): Promise<Deployment>;
}

/** One process with nothing beside it. */
export const ONE_NODE: Kind = {
  name: 'one node',
  isMissing: false,
  async start(env = {}) {
    const server = await startServer({ env });
    return { urls: [server.url], servers: [server], cleanup: () => server.cleanup() };
  },
};

/** Two processes on one PostgreSQL and one Redis. */
export const TWO_NODES: Kind = {
  name: 'two nodes (needs redis)',
  isMissing: !hasRedis,
  async start(env = {}) {
    const redis = await startRedis();
    const shared = { ...env, REDIS_URL: redis.url };
    const first = await startServer({ env: shared });
    const read = async (file: string) => (await readFile(join(first.dataDir, file), 'utf8')).trim();
    const [DATABASE_URL, JWT_SECRET] = [await read('postgres.url'), await read('secrets/jwt')];
    const second = await startServer({ env: { ...shared, DATABASE_URL, JWT_SECRET } });
    return {
      urls: [first.url, second.url],
      servers: [first, second],
      redis,
      async cleanup() {
        // The first one's PostgreSQL is everybody's.
        await second.cleanup();
        await first.cleanup();
        await redis.cleanup();
      },
    };
  },
};
