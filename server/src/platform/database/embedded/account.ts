import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The user as whom PostgreSQL runs when we are root, which PostgreSQL refuses to be. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const systemHome = '/var/lib/parley';

/**
 * Chooses the account: null (our own) unless we are root. Data that exist decide by their owner, so that a
 * `postgres` user who appears later, with some system package, does not lock us out of data made as `nobody`.
 */
export async function chooseAccount(existingData: string | null): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').flatMap(parseAccount);
  const owner = existingData === null ? 0 : (await stat(existingData)).uid;
  // PostgreSQL refuses an uid without an entry in passwd, so an unknown owner is an error as well.
  const found =
    owner !== 0
      ? accounts.find(({ uid }) => uid === owner)
      : (accounts.find(({ name }) => name === 'postgres') ?? accounts.find(({ name }) => name === 'nobody'));
  if (found !== undefined) return found;
  throw new Error(
    owner !== 0
      ? `${existingData} belongs to uid ${owner}, who has no entry in /etc/passwd; PostgreSQL cannot run as them.`
      : 'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as.',
  );
}

function parseAccount(line: string): Account[] {
  const [name = '', , uid, gid] = line.split(':');
  return line.startsWith('#') || uid === undefined ? [] : [{ name, uid: Number(uid), gid: Number(gid) }];
}

/** The part of spawn's options that makes a program run as the account. */
export function runAs(account: Account | null): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid };
}

/** Whether the account may pass through a directory and all its parents. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  const { uid, gid, mode } = await stat(directory);
  const pass = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & pass) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || canEnter(parent, account);
}

/** Makes a directory where root keeps what its own directories hide from the account; open even under umask 077. */
export async function makeSystemHome(name = ''): Promise<string> {
  const directory = join(systemHome, name);
  for (const path of new Set([systemHome, directory])) {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
  }
  return directory;
}
