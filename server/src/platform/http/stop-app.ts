import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Realtime } from '../realtime/realtime.js';
import { Draining } from './draining.js';

const CLOSE_IDLE_EVERY = 100;

/**
 * Stops as a load balancer and its clients would wish: says "not ready", asks sockets to go elsewhere, finishes what is
 * in work, and cuts what has not ended after `timeoutMs`.
 */
export async function stopApp(app: NestFastifyApplication, timeoutMs: number): Promise<void> {
  const server = app.getHttpServer() as Server;
  app.get(Draining).begin();
  await app.get(Realtime).drain(timeoutMs);
  // Keep-alive connections without a request would hold the close for over a minute.
  const closeIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY);
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  try {
    await app.close();
  } finally {
    clearInterval(closeIdle);
    clearTimeout(cut);
  }
}
