import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** What Debian's packages put on the disk. */
export interface Installation {
  readonly version: string;
  /** Where Erlang finds ejabberd's own libraries. */
  readonly libraries: string;
  /** ejabberd's tables for PostgreSQL. */
  readonly schema: string;
}

const CONTROL = '/usr/sbin/ejabberdctl';
const SCHEMA = '/usr/share/ejabberd/sql/pg.sql';
const POLICY = '/usr/sbin/policy-rc.d';
const PACKAGES = ['ejabberd', 'erlang-p1-pgsql'];

/** The ejabberd of this machine; installed first where that is allowed, that is to say as root. Else the reason why not. */
export function findEjabberd(): Installation | string {
  if (!isInstalled()) {
    const reason = install();
    if (reason !== null) return reason;
  }
  const libraries = /^ERL_LIBS='(.+)'$/m.exec(readFileSync(CONTROL, 'utf8'))?.[1] ?? '';
  const query = ['-W', '-f', '${Version}', 'ejabberd'];
  return { version: spawnSync('dpkg-query', query, { encoding: 'utf8' }).stdout, libraries, schema: SCHEMA };
}

function isInstalled(): boolean {
  const states = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}\n', ...PACKAGES], { encoding: 'utf8' });
  return states.status === 0 && !/^(?!ii)/m.test(states.stdout.trim());
}

/** Null when it went well. */
function install(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it is not installed, and only root may do that';
  // Debian starts what it installs unless a policy forbids it; the bench starts an ejabberd of its own.
  if (!existsSync(POLICY) || !readFileSync(POLICY, 'utf8').includes('exit 101'))
    return `it is not installed, and ${POLICY} does not keep services from starting (it must exit with 101)`;
  console.log(`installing ${PACKAGES.join(' and ')} with apt-get …`);
  const { status, stderr } = spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0 ? null : `apt-get could not install it: ${stderr?.trim().split('\n').at(-1) ?? 'no apt-get'}`;
}
