import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, open, readFile, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { canEnter, chooseAccount, makeSystemHome, runAs, type Account } from './account.js';
import { findBinaries, type Binaries } from './binaries.js';
import type { EmbeddedLog } from './embedded-log.js';
import { errorCode, makeWhole } from './staging.js';

/** The superuser that initdb makes, and the one database besides PostgreSQL's own. */
export const databaseName = 'parley';

/** A cluster on disk and everything needed to run it. */
export interface Cluster {
  /** Holds the data, the password and the note of who serves them. */
  readonly home: string;
  /** PostgreSQL's own data directory, without symbolic links on the way. */
  readonly data: string;
  readonly logFile: string;
  readonly password: string;
  readonly account: Account | null;
  readonly binaries: Binaries;
}

/** All children see this and nothing else: no PGDATA, PGPORT or locale of the user's shell. */
export const childEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };

/** Finds the cluster of a data directory, or makes it. */
export async function openCluster(givenDataDir: string, log: EmbeddedLog): Promise<Cluster> {
  await mkdir(givenDataDir, { recursive: true });
  const dataDir = await realpath(givenDataDir);
  const found = await findHome(dataDir);
  const account = await chooseAccount(found);
  const home = found ?? (await chooseHome(dataDir, account, log));
  if (found !== null && account !== null && !(await canEnter(found, account))) {
    throw new Error(
      `PostgreSQL runs as ${account.name}, who cannot enter ${found}; open its parent directories with chmod o+x.`,
    );
  }
  const binaries = await findBinaries(dataDir, account, log);

  if (await isEmpty(home)) {
    log('info', 'making a new PostgreSQL cluster', { directory: home, account: account?.name });
    await makeWhole(home, (staging) => initialise(staging, account, binaries));
  }
  await refuseForeign(home, binaries.major);
  // A link keeps pointing to data that live elsewhere, even when permissions or the hash's input change later.
  if (dirname(home) !== dataDir && found === null) await symlink(home, join(dataDir, 'postgres'));

  const password = (await readFile(join(home, 'password'), 'utf8')).trim();
  return { home, data: join(home, 'cluster'), logFile: join(dataDir, 'postgres.log'), password, account, binaries };
}

async function findHome(dataDir: string): Promise<string | null> {
  const path = join(dataDir, 'postgres');
  const entry = await lstat(path).catch(() => null);
  if (entry === null) return null;
  return realpath(path).catch((cause: unknown) => {
    // Starting empty here would look like the loss of all data, when perhaps only a disk is not mounted.
    throw new Error(`${path} points to data that are gone; bring them back, or remove the link to start empty.`, {
      cause,
    });
  });
}

async function chooseHome(dataDir: string, account: Account | null, log: EmbeddedLog): Promise<string> {
  if (account === null || (await canEnter(dataDir, account))) return join(dataDir, 'postgres');
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const home = join(await makeSystemHome(hash), 'postgres');
  log('info', 'PostgreSQL keeps its data outside the data directory, which its account cannot enter', {
    account: account.name,
    dataDir,
    postgresDir: home,
  });
  return home;
}

async function isEmpty(directory: string): Promise<boolean> {
  const entries = await readdir(directory).catch((error: unknown) => (errorCode(error) === 'ENOENT' ? [] : null));
  return entries?.length === 0;
}

async function refuseForeign(home: string, major: string): Promise<void> {
  const found = await readFile(join(home, 'cluster/PG_VERSION'), 'utf8').catch((cause: unknown) => {
    throw new Error(`${home} is not empty, but holds no PostgreSQL data of Parley that we may read.`, { cause });
  });
  if (found.trim() === major) return;
  throw new Error(
    `${home} was made by PostgreSQL ${found.trim()}, but this Parley brings PostgreSQL ${major}. Nothing was touched: ` +
      'export the data with the Parley that made them, or set DATABASE_URL to a server that holds them.',
  );
}

async function initialise(staging: string, account: Account | null, binaries: Binaries): Promise<void> {
  const passwordFile = join(staging, 'password');
  const file = await open(passwordFile, 'wx', 0o600);
  await file.writeFile(`${randomBytes(24).toString('base64url')}\n`);
  await file.sync();
  await file.close();
  if (account !== null) {
    await chown(staging, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const flags = [`--pgdata=${join(staging, 'cluster')}`, `--pwfile=${passwordFile}`, `--username=${databaseName}`];
  const choices = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'];
  try {
    // Our own working directory may be closed to the account, hence cwd.
    const options = { cwd: '/', env: childEnvironment, ...runAs(account) };
    await promisify(execFile)(binaries.initdb, [...flags, ...choices], options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`initdb failed (DATABASE_URL can name an external PostgreSQL 15 or newer instead): ${reason}`, {
      cause,
    });
  }
}
