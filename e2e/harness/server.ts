import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from './ports.js';

export interface ServerOptions {
  /** Kept after the end; without one a temporary directory is made, which `cleanup()` removes. */
  dataDir?: string;
  port?: number;
  /** Settings of the server. Those of the caller's own environment are not handed down. */
  env?: Readonly<Record<string, string>>;
  /** Options of Node itself, such as `--cpu-prof`. */
  nodeArgs?: readonly string[];
  readyTimeoutMs?: number;
}

/** A server in a process of its own, with its own data. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** From spawning the process to the first 200 of `/health/ready`. */
  readonly readyMs: number;
  /** The exit code; null when a signal ended the process. */
  readonly exited: Promise<number | null>;
  /** All it wrote to its standard output and error so far. */
  output(): string;
  /** SIGTERM; SIGKILL when it does not end in time. */
  stop(): Promise<void>;
  /** SIGKILL to the node process alone: an embedded PostgreSQL goes on. */
  kill(): Promise<void>;
  /** Ends what is left of it, an orphaned PostgreSQL too, and removes a temporary data directory. */
  cleanup(): Promise<void>;
}

/** Longer than the longest `SHUTDOWN_TIMEOUT` of the server. */
const STOP_TIMEOUT = 35_000;
const READY_TIMEOUT = 60_000;
const POSTGRES_STOP_TIMEOUT = 20_000;
const POLL_EVERY = 10;
const TAIL = 4_000;
/** What a process needs of its surroundings; anything else could be a setting of Parley. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** Starts the built server and waits until it is ready; throws with the end of its output when it does not get there. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const dataDir = options.dataDir ?? (await makeDataDir());
  const port = options.port ?? (await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const server = spawnServer(dataDir, port, options);

  const cleanup = async (): Promise<void> => {
    await server.stop();
    await stopOrphanedPostgres(dataDir);
    if (options.dataDir === undefined) await removeData(dataDir);
  };
  try {
    await waitUntilReady(url, server, options.readyTimeoutMs ?? READY_TIMEOUT);
  } catch (error) {
    // In a directory that was given somebody else may be running.
    await (options.dataDir === undefined ? cleanup() : server.stop());
    throw error;
  }
  return { ...server, url, port, dataDir, readyMs: performance.now() - startedAt, cleanup };
}

type ServerProcess = Pick<RunningServer, 'pid' | 'exited' | 'output' | 'stop' | 'kill'>;

function spawnServer(dataDir: string, port: number, { env = {}, nodeArgs = [] }: ServerOptions): ServerProcess {
  const inherited = Object.entries(process.env).filter(([name]) => PASSED_ON.includes(name));
  const own = { HOST: '127.0.0.1', PORT: String(port), PARLEY_DATA_DIR: dataDir };
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '--max-semi-space-size=32', ...nodeArgs, findServer()],
    {
      // Nothing of the directory the caller happens to run in may have a say.
      cwd: dataDir,
      env: { ...Object.fromEntries(inherited), ...own, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error('The server process could not be started.');

  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));

  // A run that ends early takes its server along, which in turn stops its PostgreSQL.
  const endWithUs = (): void => void child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      process.off('exit', endWithUs);
      resolve(code);
    });
  });

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
    await exited;
    clearTimeout(patience);
  };
  return { pid, exited, output: () => Buffer.concat(chunks).toString(), stop, kill };
}

async function waitUntilReady(url: string, server: ServerProcess, timeoutMs: number): Promise<void> {
  let ended: string | null = null;
  void server.exited.then((code) => (ended = `ended (code ${code}) before it was ready`));
  const deadline = performance.now() + timeoutMs;
  while (ended === null && performance.now() < deadline) {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    await sleep(POLL_EVERY);
  }
  const reason = ended ?? `was not ready after ${timeoutMs} ms`;
  throw new Error(`The server ${reason}. Its output ends with:\n${server.output().slice(-TAIL)}`);
}

async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-'));
  // When we are root PostgreSQL runs as somebody else, who has to pass through.
  await chmod(dataDir, 0o711);
  return dataDir;
}

/** The built entry point, looked for from here upwards: this file runs from its source and from `dist`. */
function findServer(): string {
  for (let directory = fileURLToPath(new URL('.', import.meta.url)); ; directory = dirname(directory)) {
    const entry = join(directory, 'server/bundle/main.js');
    if (existsSync(entry)) return entry;
    if (directory === dirname(directory)) throw new Error('The server is not built: run `npm run build` first.');
  }
}

/** Where the embedded PostgreSQL keeps its things: in the data directory, or where a link there points to. */
const postgresHome = (dataDir: string): Promise<string | null> => realpath(join(dataDir, 'postgres')).catch(() => null);

async function stopOrphanedPostgres(dataDir: string): Promise<void> {
  const home = await postgresHome(dataDir);
  if (home === null) return;
  const cluster = join(home, 'cluster');
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(pidFile.split('\n')[0]);
  // The pid may have been given to somebody else since.
  const runs = async (): Promise<boolean> => pid > 0 && (await commandOf(pid)).includes(`postgres -D ${cluster} `);

  const impatientAt = performance.now() + POSTGRES_STOP_TIMEOUT;
  for (let sent = ''; await runs(); await sleep(20)) {
    const wanted = performance.now() < impatientAt ? 'SIGINT' : 'SIGQUIT';
    if (sent !== wanted) sendSignal(pid, wanted);
    sent = wanted;
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was faster than us; the caller sees that it is gone.
  }
}

async function removeData(dataDir: string): Promise<void> {
  const home = await postgresHome(dataDir);
  // What the link points to has a directory of its own around it, with nothing else inside.
  if (home !== null && dirname(home) !== (await realpath(dataDir))) {
    await rm(dirname(home), { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

/** The command line of a process; empty when it is gone. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  }
  const ps = promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
  return ps.then(({ stdout }) => `${stdout.trim()} `).catch(() => '');
}
