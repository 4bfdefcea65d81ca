/**
 * Writes the reference pages that follow from the code, out of what was built last: `npm run gen`.
 * With `--check` it writes nothing and fails when a page does not say what the code says.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { configurationPage, envExample } from './gen/configuration.mjs';
import { errorsPage } from './gen/errors.mjs';
import { eventsPage } from './gen/events.mjs';
import { limitsPage } from './gen/limits.mjs';
import { metricsPage } from './gen/metrics.mjs';
import { openApiDocument } from './gen/openapi.mjs';
import { permissionsPage } from './gen/permissions.mjs';

const PAGES = {
  '.env.example': envExample,
  'docs/configuration.md': configurationPage,
  'docs/errors.md': errorsPage,
  'docs/events.md': eventsPage,
  'docs/limits.md': limitsPage,
  'docs/metrics.md': metricsPage,
  'docs/openapi.json': openApiDocument,
  'docs/permissions.md': permissionsPage,
};

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

/** As Prettier would leave it, so that the check of formats and this one never disagree. */
async function tidy(path, text) {
  if (path.endsWith('.example')) return text;
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

const stale = [];
for (const [name, make] of Object.entries(PAGES)) {
  const path = join(root, name);
  const text = await tidy(path, await make());
  const found = await readFile(path, 'utf8').catch(() => '');
  if (text === found) continue;
  stale.push(name);
  if (!isCheck) await writeFile(path, text);
}

const verb = isCheck ? 'stale (npm run gen writes it)' : 'written';
for (const name of stale) process.stdout.write(`${name}: ${verb}\n`);
if (stale.length === 0)
  process.stdout.write(`generated pages: all ${Object.keys(PAGES).length} say what the code says\n`);
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;
