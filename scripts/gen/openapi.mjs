import { importOfServer, importServer } from './server.mjs';

const { VERSION_NEUTRAL, VersioningType } = await importOfServer('@nestjs/common');
const { NestFactory } = await importOfServer('@nestjs/core');
const { FastifyAdapter } = await importOfServer('@nestjs/platform-fastify');
const { AppModule } = await importServer('app.module.js');
const { readConfig } = await importServer('config.js');
const { describeApi } = await importServer('platform/http/api-docs.js');

/** What the server shows under /docs/openapi.json. In preview mode Nest builds the routes but nothing behind them. */
export async function openApiDocument() {
  const module = AppModule.with({ config: readConfig({}), databaseUrl: '' });
  const app = await NestFactory.create(module, new FastifyAdapter(), { preview: true, logger: false });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: [VERSION_NEUTRAL, '1'] });
  return JSON.stringify(describeApi(app));
}
