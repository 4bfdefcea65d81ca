import { fileURLToPath } from 'node:url';
import { type RunningServer, startServer } from '@parley/e2e/harness';
import { SharedPostgres } from './database.js';

/** Limits are per user and address, and here everybody calls from one; tokens must last as long as the bench. */
const SETTINGS = { LIMITS: 'off', LOG_LEVEL: 'warn', ACCESS_TOKEN_TTL: '7200' };

const PROFILES = fileURLToPath(new URL('../../results', import.meta.url));

/**
 * Does something with a server of its own and the PostgreSQL below it, and leaves nothing behind but, where it is to be
 * profiled, a CPU profile of the server beside the results.
 */
export async function withServer(
  work: (server: RunningServer, postgres: SharedPostgres) => Promise<void>,
  isProfiled = false,
): Promise<void> {
  const nodeArgs = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`] : [];
  const server = await startServer({ env: SETTINGS, nodeArgs });
  try {
    const postgres = await SharedPostgres.of(server.dataDir);
    await work(server, postgres);
    await postgres.close();
    tellComplaints(server.output());
  } finally {
    await server.cleanup();
  }
}

function tellComplaints(output: string): void {
  const complaints = output.split('\n').filter((line) => line.includes('"level":'));
  if (complaints.length > 0)
    console.log(`The server complained ${complaints.length} times, at last: ${complaints.at(-1)}`);
}
