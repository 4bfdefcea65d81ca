import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, readConfig } from './config.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/database/embedded/embedded-postgres.js';
import { Log } from './platform/logging/log.js';
import { installationSecret } from './platform/secrets.js';
import type { Serving } from './serve.js';
import { StartError } from './start-error.js';

async function startDatabase(config: Config, log: Log): Promise<EmbeddedPostgres | null> {
  if (config.DATABASE_URL) return null;
  const postgres = await startEmbeddedPostgres({
    dataDir: config.PARLEY_DATA_DIR,
    log: (level, message, fields) => log[level](message, fields),
  });
  // For psql, backups and benches on this machine.
  await writeFile(join(config.PARLEY_DATA_DIR, 'postgres.url'), `${postgres.url}\n`, { mode: 0o600 });
  return postgres;
}

/** Settings that follow from others or are made at the first start. */
async function complete(config: Config): Promise<Config> {
  return {
    ...config,
    JWT_SECRET: config.JWT_SECRET ?? (await installationSecret(config.PARLEY_DATA_DIR, 'jwt')),
    PUBLIC_URL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
  };
}

const welcome = (url: string, config: Config): string => `
  Parley is running at ${url}

    Chat                        ${url}/app
    API and a place to try it   ${url}/docs
    Health                      ${url}/health/ready
    A whole conversation        npm run demo            (in another terminal)
    Data                        ${config.DATABASE_URL ? 'your PostgreSQL' : config.PARLEY_DATA_DIR}

  Stop it with Ctrl-C.
`;

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const given = readConfig(process.env);
  const log = new Log(given);
  await mkdir(given.PARLEY_DATA_DIR, { recursive: true });
  const config = await complete(given);
  // Loading the application takes a processor as long as PostgreSQL takes to start: side by side.
  const [postgres, { serve }] = await Promise.all([startDatabase(config, log), import('./serve.js')]);
  let serving: Serving | undefined;
  const stop = async () => {
    await serving?.stop();
    await postgres?.stop();
  };
  let stopping: Promise<void> | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return;
    log.info('stopping', { signal });
    stopping = stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('stopping failed', { error: String(error) });
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  try {
    serving = await serve(config, config.DATABASE_URL ?? postgres?.url ?? '', log);
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
  log.info('listening', { url: serving.url, pid: process.pid });
  process.stdout.write(welcome(serving.url, config));
}

// Input never gets here: handlers answer their own errors. What does is a defect of ours; it is told, not hidden.
process.on('unhandledRejection', (reason) => {
  process.stderr.write(`unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
});

main().catch((error: unknown) => {
  const explained = error instanceof StartError ? error.message : undefined;
  process.stderr.write(`\n${explained ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
});
