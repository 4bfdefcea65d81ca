import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { createApp } from './platform/http/create-app.js';
import { stopApp } from './platform/http/stop-app.js';
import type { Log } from './platform/logging/log.js';
import { prepareDatabase } from './platform/prepare-database.js';
import { StartError } from './start-error.js';

/** A server that listens. */
export interface Serving {
  readonly url: string;
  /** Finishes what is in work and closes everything but the database itself. */
  stop(): Promise<void>;
}

/** Brings the database up to date and serves on it. */
export async function serve(config: Config, databaseUrl: string, log: Log): Promise<Serving> {
  await prepareDatabase(databaseUrl, log);
  const app = await createApp(AppModule.with({ config, databaseUrl }), config);
  const stop = () => stopApp(app, config.SHUTDOWN_TIMEOUT * 1_000);
  try {
    return { url: await listen(app, config), stop };
  } catch (error) {
    await stop();
    throw error;
  }
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
