import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAs } from './account.js';
import { childEnvironment, type Cluster } from './cluster.js';
import type { EmbeddedLog } from './embedded-log.js';
import { inspectProcess } from './processes.js';

/** A running PostgreSQL. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const largeLog = 10 * 1024 * 1024;
const patienceWithShutdown = 60_000;

/** For a machine of two cores that runs other things as well. Durability is left as PostgreSQL has it: on. */
const defaults = {
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  random_page_cost: '1.1',
  // Many short queries want no parallelism, whose segments moreover overflow the 64 MB /dev/shm of a container.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // DETAIL lines quote rows ("Key (email)=(…) already exists"), and no log of ours holds content.
  log_error_verbosity: 'terse',
};

/** Finds the PostgreSQL that runs on the cluster, whoever started it; null when none does. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const lines = await readPidFile(cluster);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 && (await servesCluster(pid, cluster)) ? { pid, port } : null;
}

/** Starts PostgreSQL, detached so that Ctrl-C in a terminal does not reach it; resolves before it takes connections. */
export async function launchPostmaster(
  cluster: Cluster,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Postmaster> {
  await disownForeignPid(cluster);
  const logStart = await rotateLog(cluster.logFile);
  const logFile = await open(cluster.logFile, 'a', 0o600);
  // So that the account can take over should it once start the server itself.
  if (cluster.account !== null) await logFile.chown(cluster.account.uid, cluster.account.gid);
  const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) };
  const flags = Object.entries({ ...defaults, ...settings, ...fixed }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const child = spawn(cluster.binaries.postgres, ['-D', cluster.data, ...flags], {
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
    cwd: '/',
    env: childEnvironment,
    ...runAs(cluster.account),
  });
  let ended = '';
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `it ended with ${signal ?? `code ${code}`}`));
  child.unref();
  await logFile.close();

  while (ended === '') {
    const found = await findPostmaster(cluster);
    if (found !== null && found.pid === child.pid) return found;
    await sleep(10);
  }
  throw new Error(`PostgreSQL did not start: ${ended}. ${await tailOfLog(cluster, logStart)}`);
}

/** Fast shutdown: clients are cut off, the rest is written out. Resolves when the process is gone. */
export async function stopPostmaster({ pid }: Postmaster, cluster: Cluster, log: EmbeddedLog): Promise<void> {
  const impatientAt = Date.now() + patienceWithShutdown;
  let impatient = false;
  for (signal(pid, 'SIGINT'); await servesCluster(pid, cluster); await sleep(20)) {
    if (impatient || Date.now() < impatientAt) continue;
    log('warn', 'PostgreSQL takes too long to stop; ending it at once, it recovers at its next start', { pid });
    signal(pid, 'SIGQUIT');
    impatient = true;
  }
}

/**
 * Picks a free loopback port below those the system gives to outgoing connections: while PostgreSQL restarts, such
 * a connection could otherwise take its port, even the one by which a pool tries to reach it.
 */
export async function pickPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** The last lines PostgreSQL logged, for the message of an error. */
export async function tailOfLog(cluster: Cluster, from = 0): Promise<string> {
  const text = (await readFile(cluster.logFile)).subarray(from).toString('utf8').trim();
  return `Last lines of ${cluster.logFile}:\n${text.split('\n').slice(-15).join('\n')}`;
}

async function servesCluster(pid: number, cluster: Cluster): Promise<boolean> {
  return (await inspectProcess(pid))?.command.includes(`postgres -D ${cluster.data} `) ?? false;
}

async function readPidFile(cluster: Cluster): Promise<string[]> {
  return (await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
}

/**
 * PostgreSQL refuses to start when the pid in its pid file is alive, even if, after a reboot, it is some other
 * program's. It makes an exception for the pid of its own parent, so we enter ours. We do not delete the file: by
 * its other lines PostgreSQL finds out whether processes of its previous run still use the shared memory.
 */
async function disownForeignPid(cluster: Cluster): Promise<void> {
  const file = await open(join(cluster.data, 'postmaster.pid'), 'r+').catch(() => null);
  if (file === null) return;
  try {
    const [pid, ...rest] = (await file.readFile('utf8')).split('\n');
    if (rest.length === 0 || (await servesCluster(Number(pid), cluster))) return;
    // Through the same handle: should a PostgreSQL replace the file in this very moment, we write to the old one.
    const text = Buffer.from([process.pid, ...rest].join('\n'));
    await file.truncate(text.length);
    await file.write(text, 0, text.length, 0);
  } finally {
    await file.close();
  }
}

/** Sets a large log aside as `.1`; answers where the log now ends. */
async function rotateLog(path: string): Promise<number> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size < largeLog) return size;
  await rename(path, `${path}.1`);
  return 0;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It was faster than us; the caller sees that it is gone.
  }
}
