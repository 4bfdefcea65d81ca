import helmet from '@fastify/helmet';
import { StandardSchemaValidationPipe, type Type, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config.js';
import { newId } from '../ids.js';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { Realtime } from '../realtime/realtime.js';
import { validationError } from '../validation.js';
import type { ViewedRequest } from './access.js';
import { serveApiDocs } from './api-docs.js';
import { answerUnreadable, answerUnroutable } from './before-routing.js';
import { isOfWebClient, serveWebClient } from './web-client.js';
import { ProblemFilter } from './problem.filter.js';

/** The documentation page brings its own scripts and styles; everything else is data. */
const DOCS_CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** What pages of the configured origins may do and see; an OPTIONS that is no preflight is answered as one. */
const CORS = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  exposedHeaders: ['Retry-After', 'X-Request-Id'],
  maxAge: 600,
  strictPreflight: false,
};

/** Builds the whole application over one Fastify and one Socket.IO server, ready to listen. */
export async function createApp(module: Type | DynamicModule, config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: config.BODY_LIMIT,
    trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
    genReqId: () => newId(),
    // A request has to be read within this time, or slow senders could hold connections for ever.
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnreadable,
  });
  // Bodies are JSON: Nest would add a parser for forms, and Fastify has one for plain text.
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    bodyParser: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.removeContentTypeParser('text/plain');
  const log = app.get(Log);
  app.useLogger(log);
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: [VERSION_NEUTRAL, '1'] });
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: validationError }));
  app.useGlobalFilters(new ProblemFilter(log));
  if (config.CORS_ORIGINS.length > 0) app.enableCors({ ...CORS, origin: config.CORS_ORIGINS });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  observe(fastify, log, app.get(Metrics));
  serveApiDocs(app);
  await serveWebClient(app);
  await app.get(Realtime).attach(app.getHttpServer());
  return app;
}

/** One log line and one measurement for each request; headers that hold for every answer. */
function observe(fastify: FastifyInstance, log: Log, metrics: Metrics): void {
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/docs')) reply.header('content-security-policy', DOCS_CSP);
    else if (!isOfWebClient(request.url)) reply.header('cache-control', 'no-store');
  });
  fastify.addHook('onResponse', async (request: ViewedRequest, reply) => {
    // The pattern, never the path: paths carry ids and would make a label each.
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    const status = reply.statusCode;
    metrics.httpDuration.observe({ method, route, status }, reply.elapsedTime / 1_000);
    log.info('request', {
      requestId: request.id,
      method,
      route,
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(request.viewer && { tenantId: request.viewer.tenantId, userId: request.viewer.userId }),
    });
  });
}
