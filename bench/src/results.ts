import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { round } from './statistics.js';

/** What a scenario found. Only what anybody may read: no paths, no names of machines. */
export interface Findings {
  readonly scenario: string;
  readonly seed: number;
  readonly postgres: string;
  readonly parameters: object;
  /** One sentence with the figure that counts. */
  readonly verdict: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly details: object;
}

interface Result extends Findings {
  readonly at: string;
  readonly command: string;
  readonly hardware: { cpu: string; cores: number; memoryGib: number };
  readonly versions: { parley: string; node: string; postgres: string; socketIo: string };
}

/** From `dist/src`, where this runs. */
const DIRECTORY = fileURLToPath(new URL('../../results', import.meta.url));

/** Writes the result of today and brings the table of all scenarios up to date. */
export function publish(findings: Findings): void {
  const at = new Date().toISOString();
  const result: Result = {
    ...findings,
    at,
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
    hardware: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGib: round(totalmem() / 2 ** 30, 1),
    },
    versions: {
      parley: parleyCommit(),
      node: process.versions.node,
      postgres: findings.postgres,
      socketIo: socketIoVersion(),
    },
  };
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(
    join(DIRECTORY, `${at.slice(0, 10)}-${findings.scenario}.json`),
    `${JSON.stringify(result, null, 2)}\n`,
  );
  writeFileSync(join(DIRECTORY, 'README.md'), summarise(latestOfEach()));
}

function latestOfEach(): Result[] {
  const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.json'));
  const results = files.sort().map((name) => JSON.parse(readFileSync(join(DIRECTORY, name), 'utf8')) as Result);
  return [...new Map(results.map((result) => [result.scenario, result])).values()];
}

function summarise(results: readonly Result[]): string {
  const introduction = `# Results

The latest run of each scenario, written by the bench itself. Load generator, server and PostgreSQL share the machine, so a
figure means something beside the reference of the same run, and little by itself.
`;
  return [introduction, ...results.map(section)].join('\n');
}

function section({ scenario, verdict, columns, rows, at, command, hardware, versions, seed }: Result): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const table = [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
  return `## ${scenario}

${verdict}

${table}

\`${command}\`, ${at.slice(0, 10)}, seed ${seed}. ${hardware.cores} cores of ${hardware.cpu}, ${hardware.memoryGib} GiB.
Parley ${versions.parley}, Node ${versions.node}, PostgreSQL ${versions.postgres}, Socket.IO ${versions.socketIo}.
`;
}

function parleyCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: DIRECTORY, stdio: 'pipe' }).toString().trim();
  try {
    const commit = git('rev-parse', '--short', 'HEAD');
    return git('status', '--porcelain', '--', ':/protocol', ':/server') === '' ? commit : `${commit} with changes`;
  } catch {
    return 'without a commit';
  }
}

function socketIoVersion(): string {
  const { version } = createRequire(import.meta.url)('socket.io/package.json') as { version: string };
  return version;
}
