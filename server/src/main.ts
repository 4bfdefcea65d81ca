import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { DatabaseError, prepareDatabase } from './platform/prepare-database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/database/embedded/embedded-postgres.js';
import { createApp } from './platform/http/create-app.js';
import { stopApp } from './platform/http/stop-app.js';
import { Log } from './platform/logging/log.js';
import { installationSecret } from './platform/secrets.js';

/** An explanation a person can act on, without a stack. */
class StartError extends Error {}

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

async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  try {
    await app.listen(config.PORT, config.HOST);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE') throw new StartError(`Port ${config.PORT} is taken. Set PORT to another one.`);
    if (code === 'EADDRNOTAVAIL') throw new StartError(`${config.HOST} is not an address of this machine. Set HOST.`);
    if (code === 'EACCES') throw new StartError(`Port ${config.PORT} may not be used by this user. Set PORT.`);
    throw error;
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(config.HOST) ? 'localhost' : config.HOST;
  return `http://${host}:${port}`;
}

const welcome = (url: string, config: Config): string => `
  Parley is running at ${url}

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
  const postgres = await startDatabase(config, log);
  let app: NestFastifyApplication | undefined;
  const stop = async () => {
    if (app) await stopApp(app, config.SHUTDOWN_TIMEOUT * 1_000);
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
    const databaseUrl = config.DATABASE_URL ?? postgres?.url ?? '';
    await prepareDatabase(databaseUrl);
    app = await createApp(AppModule.with({ config, databaseUrl }), config);
    const url = await listen(app, config);
    log.info('listening', { url, pid: process.pid });
    process.stdout.write(welcome(url, config));
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

// Input never gets here: handlers answer their own errors. What does is a defect of ours; it is told, not hidden.
process.on('unhandledRejection', (reason) => {
  process.stderr.write(`unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
});

main().catch((error: unknown) => {
  const isExplained = [StartError, ConfigError, DatabaseError].some((kind) => error instanceof kind);
  process.stderr.write(`\n${error instanceof Error ? (isExplained ? error.message : error.stack) : String(error)}\n`);
  process.exit(1);
});
