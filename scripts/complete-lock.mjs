/**
 * Adds to package-lock.json the platform packages that other packages name as optional but npm has not listed: it leaves
 * out those its registry does not hold, and `npm ci` then refuses the lock. Run after `npm install` when `npm ci` says
 * "Missing: … from lock file". Entries added here carry no integrity; a later `npm install` with them in reach adds it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

const PLATFORM = /(darwin|linux|win32|android|freebsd|openharmony)-([a-z0-9]+)(?:-(gnu|musl))?/;

/** What a name such as `binding-linux-arm64-musl` says of where the package belongs. */
function platformOf(name) {
  const [, os, cpu, abi] = PLATFORM.exec(name) ?? [];
  if (!os) throw new Error(`${name} does not say for which platform it is`);
  const libc = os === 'linux' && abi ? [abi === 'musl' ? 'musl' : 'glibc'] : undefined;
  return { cpu: [cpu], ...(libc && { libc }), os: [os] };
}

const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`])
    .map(([name, version]) => [
      `node_modules/${name}`,
      { version, ...(entry.dev && { dev: true }), optional: true, ...platformOf(name) },
    ]),
);
const [root, ...rest] = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${missing.length} packages added\n`);
