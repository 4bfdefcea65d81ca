/**
 * `npm run dev`: compiles what changes and starts the server again. The embedded PostgreSQL belongs to this process,
 * so it stays up over restarts of the server. Ctrl-C ends all three.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));
const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const { readConfig } = await import('../server/dist/config.js');
const { startEmbeddedPostgres } = await import('../server/dist/platform/database/embedded/embedded-postgres.js');

if (existsSync('.env')) process.loadEnvFile('.env');
const { DATABASE_URL, PARLEY_DATA_DIR: dataDir } = readConfig(process.env);
const tell = (level, message) => process.stdout.write(`${level}: ${message}\n`);
const postgres = DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir, log: tell });

const TSC = 'node_modules/typescript7/bin/tsc';
const env = { ...process.env, DATABASE_URL: DATABASE_URL ?? postgres.url };
const children = [
  [TSC, '-b', '--watch', '--preserveWatchOutput', 'server/tsconfig.build.json'],
  ['--watch', '--watch-preserve-output', '--enable-source-maps', 'server/dist/main.js'],
].map((args) => spawn(process.execPath, args, { stdio: 'inherit', env }));

const stop = () => children.forEach((child) => child.kill('SIGTERM'));
// A terminal sends Ctrl-C to the children itself; the server then ends what it has in work.
process.on('SIGINT', () => tell('info', 'stopping'));
process.on('SIGTERM', stop);
const exits = children.map((child) => once(child, 'exit'));
await Promise.race(exits);
stop();
await Promise.all(exits);
await postgres?.stop();
