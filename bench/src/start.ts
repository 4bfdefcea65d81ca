/** How long a server takes from its start to being ready, with new data and with data that exist. */
import { startServer } from '@parley/e2e/harness';
import { SharedPostgres } from './database.js';
import { publish } from './results.js';
import { median, round } from './statistics.js';

export async function start({ times, seed }: { times: number; seed: number }): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  let version = 'unknown';
  for (let time = 0; time < times; time += 1) {
    const first = await startServer({ env: { LOG_LEVEL: 'warn' } });
    try {
      cold.push(round(first.readyMs));
      await first.stop();
      const second = await startServer({ dataDir: first.dataDir, env: { LOG_LEVEL: 'warn' } });
      warm.push(round(second.readyMs));
      const postgres = await SharedPostgres.of(first.dataDir);
      ({ version } = postgres);
      await postgres.close();
      await second.cleanup();
    } finally {
      await first.cleanup();
    }
  }
  const verdict = `The server is ready ${median(cold)} ms after a first start and ${median(warm)} ms after a later one (medians).`;
  publish({
    scenario: 'start',
    seed,
    postgres: version,
    parameters: { times },
    verdict,
    columns: ['', ...cold.map((_, at) => `run ${at + 1}, ms`)],
    rows: [
      ['new data directory', ...cold],
      ['existing data directory', ...warm],
    ],
    details: { coldMs: cold, warmMs: warm },
  });
  console.log(verdict);
}
