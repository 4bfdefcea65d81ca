import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Nothing but what this server sends may run, show, or be talked to. */
const WEB_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The built web client stands beside the server's folder, wherever in it the running code lies. */
function buildFolder(from = import.meta.dirname): string | null {
  const folder = join(from, 'web/dist');
  if (existsSync(join(folder, 'index.html'))) return folder;
  return dirname(from) === from ? null : buildFolder(dirname(from));
}

/**
 * Serves the web client under `/app`. Files have their content in their name and never change; every other path is one
 * of the client's own pages. A server that is deployed without the client has none.
 */
export async function serveWebClient(app: NestFastifyApplication): Promise<void> {
  const root = buildFolder();
  if (root === null) return;
  await app.register(fastifyStatic, {
    root,
    prefix: '/app/',
    wildcard: false,
    index: false,
    cacheControl: false,
    // The build has put them beside the files, and nobody asks for them by name.
    preCompressed: true,
    globIgnore: ['**/*.{br,gz}'],
    decorateReply: true,
    setHeaders: (reply, path) => {
      void reply.header('content-security-policy', WEB_CSP);
      const isNamedByContent = path.startsWith(join(root, 'assets'));
      void reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/app', (_request, reply) => reply.redirect('/app/', 302));
  // A script of another build is no page of the client; while nodes are renewed, the next one asked may have it.
  fastify.get('/app/assets/*', (_request, reply) => reply.header('cache-control', 'no-store').callNotFound());
  fastify.get('/app/*', (_request, reply) => reply.sendFile('index.html'));
}

/** Whether an answer is part of the web client, which has headers of its own. */
export const isOfWebClient = (url: string): boolean => url === '/app' || url.startsWith('/app/');
