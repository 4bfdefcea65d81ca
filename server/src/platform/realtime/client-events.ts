import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type Ack, type ClientEvent, ClientEvents, type ErrorCode } from '@parley/protocol';
import { AppError, describeCause, toAppError, toFailedAck } from '../app-error.js';
import { Limits } from '../limits/limits.js';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { parse } from '../validation.js';
import type { Viewer } from '../viewer.js';
import type { Connection } from './connection.js';
import { CLIENT_EVENT } from './on-client-event.js';

type Handler = (viewer: Viewer, payload: never, connection: Connection) => Promise<unknown>;

/** Who sent an event, and over which socket. */
export interface Sender {
  readonly viewer: Viewer;
  readonly connection: Connection;
}

/**
 * Finds the gateways' handlers and runs them. Whatever happens, the client gets exactly one acknowledgement; there is
 * one straight call from the socket to the service, since this is the path of every message.
 */
@Injectable()
export class ClientEventRouter implements OnModuleInit {
  readonly #handlers = new Map<string, Handler>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly limits: Limits,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const gateway = instance as Record<string, unknown>;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(gateway) as object)) {
        const method = gateway[name];
        if (typeof method === 'function') this.#register(method.bind(gateway) as Handler, method);
      }
    }
  }

  /** Handles one event to the end; never throws and never rejects. */
  async run({ viewer, connection }: Sender, event: string, payload: unknown): Promise<Ack<unknown>> {
    try {
      const handler = this.#handlers.get(event);
      if (!handler) throw new AppError('unknown_event');
      await this.limits.take('socket_event', viewer.userId);
      const input = parse(ClientEvents[event as ClientEvent].payload, payload);
      const data = await handler(viewer, input as never, connection);
      this.#count(event, 'ok');
      return { ok: true, data };
    } catch (thrown) {
      const error = toAppError(thrown);
      this.#count(this.#handlers.has(event) ? event : 'unknown', error.code);
      if (error.code === 'internal' || error.code === 'unavailable') {
        this.log.error('socket event failed', {
          event,
          code: error.code,
          userId: viewer.userId,
          error: describeCause(error),
        });
      }
      return toFailedAck(error);
    }
  }

  #register(handler: Handler, method: object): void {
    const event: unknown = Reflect.getMetadata(CLIENT_EVENT, method);
    if (typeof event !== 'string') return;
    if (this.#handlers.has(event)) throw new Error(`Two handlers for the client event ${event}`);
    this.#handlers.set(event, handler);
  }

  #count(event: string, code: ErrorCode | 'ok'): void {
    this.metrics.socketEvents.inc({ event, code });
  }
}
