/** Builds the web client. Left alone when nothing was changed since: a start should not wait for what is there. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
const web = join(root, 'web');

const changedAt = async (path) => (await stat(path).catch(() => null))?.mtimeMs ?? 0;

async function latest(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Math.max(...(await Promise.all(files.map(changedAt))));
}

const sources = await Promise.all([
  latest(join(web, 'src')),
  latest(join(web, 'public')),
  latest(join(root, 'sdk/src')),
  latest(join(root, 'protocol/src')),
  ...['web/index.html', 'web/vite.config.ts', 'package-lock.json'].map((path) => changedAt(join(root, path))),
]);
if ((await changedAt(join(web, 'dist/index.html'))) < Math.max(...sources)) {
  await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: process.env.CI ? 'warn' : 'error' });
}
