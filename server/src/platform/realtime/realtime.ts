import { Inject, Injectable } from '@nestjs/common';
import {
  type Ack,
  type ClientToServer,
  Errors,
  NAMESPACE,
  type RevokedReason,
  type ServerEvent,
  type ServerPayload,
  type ServerToClient,
} from '@parley/protocol';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Namespace, Server, type Socket } from 'socket.io';
import { CONFIG, type Config } from '../../config.js';
import { AppError, toAppError } from '../app-error.js';
import { addressReader } from '../http/client-address.js';
import { limitAddress } from '../limits/address.js';
import { Limits } from '../limits/limits.js';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import type { Viewer } from '../viewer.js';
import { ClientEventRouter } from './client-events.js';
import { coalesceWrites } from './coalesce-writes.js';
import { bufferedBytes } from './slow-readers.js';

interface SocketData {
  viewer: Viewer;
  /** While the socket is still connecting: conversations its user has been put out of meanwhile. */
  leftEarly?: Set<string>;
}
type Client = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
type ClientNamespace = Namespace<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** What the features above tell the realtime layer, once, at start-up. */
export interface Connecting {
  /** Whose token this is; throws an `AppError` that the client receives as `connect_error`. */
  authenticate(token: string): Promise<Viewer>;
  /** The conversations whose events this person receives. */
  conversationsOf(viewer: Viewer): Promise<string[]>;
}

/** JSON may write a character in six bytes; the rest is room for the other fields. */
const BYTES_PER_CHARACTER = 6;
const OTHER_FIELDS = 65_536;
const CONNECTIONS_PER_USER = 50;
/** A client that lets this much pile up is cut off; it comes back and syncs. */
const MAX_BUFFERED_BYTES = 8 * 1_024 * 1_024;
const LOOK_FOR_SLOW_READERS_EVERY = 2_000;
const DRAIN_SPREAD = 3_000;
/** How long a client has to answer a goodbye, in ms. */
const GOODBYE = 1_000;

const room = (conversationId: string): string => `conversation:${conversationId}`;
const userRoom = (userId: string): string => `user:${userId}`;

/**
 * Owns the Socket.IO server: features name conversations, people and sessions, never rooms or sockets.
 * A socket receives everything of all its user's conversations from the moment it is connected.
 */
@Injectable()
export class Realtime {
  #server: Server | undefined;
  #clients: ClientNamespace | undefined;
  #connecting: Partial<Connecting> = {};
  #slowReaders: NodeJS.Timeout | undefined;
  /** Every socket of each user on this node, from before it is connected until it is gone. */
  readonly #byUser = new Map<string, Set<Client>>();
  #running = 0;
  #isDraining = false;
  readonly #connections = new Set<Duplex>();
  readonly #addressOf: (request: IncomingMessage) => string;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly router: ClientEventRouter,
    private readonly limits: Limits,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.#addressOf = addressReader(config.TRUST_PROXY);
  }

  /** Fills in how sockets are admitted; each feature gives the part it knows. */
  admitBy(part: Partial<Connecting>): void {
    this.#connecting = { ...this.#connecting, ...part };
  }

  attach(httpServer: HttpServer): void {
    coalesceWrites(httpServer);
    httpServer.on('upgrade', (_request, connection: Duplex) => {
      this.#connections.add(connection);
      connection.once('close', () => this.#connections.delete(connection));
    });
    this.#server = new Server(httpServer, {
      transports: ['websocket'],
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: this.config.MAX_TEXT_LENGTH * BYTES_PER_CHARACTER + OTHER_FIELDS,
      connectTimeout: 10_000,
      // Who is asked to go elsewhere must not be let in again.
      allowRequest: (_request, decide) => decide(null, !this.#isDraining),
      ...(this.config.CORS_ORIGINS.length > 0 && { cors: { origin: this.config.CORS_ORIGINS } }),
    });
    this.#clients = this.#server.of(NAMESPACE);
    this.#clients.use((socket, next) => {
      this.#admit(socket).then(
        () => next(),
        (thrown: unknown) => next(this.#connectError(toAppError(thrown))),
      );
    });
    this.#clients.on('connection', (socket) => this.#serve(socket));
    this.#slowReaders = setInterval(() => this.#cutSlowReaders(), LOOK_FOR_SLOW_READERS_EVERY);
  }

  toConversation<E extends ServerEvent>(conversationId: string, event: E, payload: ServerPayload<E>): void {
    this.#emit(room(conversationId), event, payload);
  }

  toUser<E extends ServerEvent>(userId: string, event: E, payload: ServerPayload<E>): void {
    this.#emit(userRoom(userId), event, payload);
  }

  /** Whether this user has a socket on this node. */
  isOnline(userId: string): boolean {
    return this.#byUser.has(userId);
  }

  /** From now on this user's sockets receive the conversation's events. */
  join(userId: string, conversationId: string): void {
    for (const socket of this.#byUser.get(userId) ?? []) {
      socket.data.leftEarly?.delete(conversationId);
      void socket.join(room(conversationId));
    }
  }

  /** From now on nothing of the conversation reaches this user's sockets, those still connecting included. */
  leave(userId: string, conversationId: string): void {
    for (const socket of this.#byUser.get(userId) ?? []) {
      socket.data.leftEarly?.add(conversationId);
      void socket.leave(room(conversationId));
    }
  }

  /** Tells the sockets of a session why it ended, and closes them. */
  endSession(session: { userId: string; sessionId: string }, reason: RevokedReason): void {
    for (const socket of this.#byUser.get(session.userId) ?? []) {
      if (socket.data.viewer.sessionId !== session.sessionId) continue;
      socket.emit('session_revoked', { reason });
      socket.disconnect(true);
    }
  }

  /** Asks everyone to reconnect elsewhere, spread over a few seconds, and waits for the events in work. */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    clearInterval(this.#slowReaders);
    for (const sockets of this.#byUser.values()) {
      for (const socket of sockets) {
        socket.emit('server_draining', { reconnectInMs: Math.floor(Math.random() * DRAIN_SPREAD) });
      }
    }
    await until(() => this.#running === 0, timeoutMs);
    this.#clients?.disconnectSockets(true);
    // What is still on its way gets there first; whoever does not answer the goodbye is not waited for.
    await until(() => this.#connections.size === 0, GOODBYE);
    this.#server?.engine.close();
    for (const connection of this.#connections) connection.destroy();
  }

  #emit<E extends ServerEvent>(to: string, event: E, payload: ServerPayload<E>): void {
    const clients = this.#clients?.to(to);
    (clients as { emit(event: string, payload: unknown): void } | undefined)?.emit(event, payload);
  }

  /** Everything up to the first event: once the client hears "connected" it misses nothing. */
  async #admit(socket: Client): Promise<void> {
    const { authenticate, conversationsOf } = this.#connecting;
    if (!authenticate || !conversationsOf) throw new AppError('unavailable');
    await this.limits.take('connect', limitAddress(this.#addressOf(socket.request)));
    const token: unknown = socket.handshake.auth.token;
    const viewer = await authenticate(typeof token === 'string' ? token : '');
    socket.data.viewer = viewer;
    const leftEarly = new Set<string>();
    socket.data.leftEarly = leftEarly;
    this.#remember(socket, viewer);
    // Known first, asked for rooms second: a removal in between is noted in leftEarly.
    const conversations = await conversationsOf(viewer);
    const open = conversations.filter((id) => !leftEarly.has(id)).map(room);
    await socket.join([userRoom(viewer.userId), ...open]);
    delete socket.data.leftEarly;
    forgetHandshake(socket);
  }

  #remember(socket: Client, viewer: Viewer): void {
    const sockets = this.#byUser.get(viewer.userId) ?? new Set();
    if (sockets.size >= CONNECTIONS_PER_USER) throw new AppError('rate_limited', { retryAfterMs: 5_000 });
    this.#byUser.set(viewer.userId, sockets.add(socket));
    this.metrics.sockets.inc();
    // The connection below is there before the socket is connected, and its end is the only sure one.
    socket.conn.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#byUser.get(viewer.userId) === sockets) this.#byUser.delete(viewer.userId);
      this.metrics.sockets.dec();
    });
  }

  #serve(socket: Client): void {
    socket.onAny((event: string, payload: unknown, ...rest: unknown[]) => {
      const last = rest.at(-1) ?? payload;
      const acknowledge = typeof last === 'function' ? (last as (answer: Ack<unknown>) => void) : undefined;
      this.#running += 1;
      void this.router
        .run(socket.data.viewer, event, typeof payload === 'function' ? undefined : payload)
        .then((answer) => {
          this.#running -= 1;
          acknowledge?.(answer);
        });
    });
  }

  #connectError(error: AppError): Error {
    if (error.code === 'internal') this.log.error('connection failed', { error: String(error.cause) });
    const { retryable } = Errors[error.code];
    return Object.assign(new Error(error.message), {
      data: { code: error.code, retryable, ...(error.retryAfterMs && { retryAfterMs: error.retryAfterMs }) },
    });
  }

  #cutSlowReaders(): void {
    for (const sockets of this.#byUser.values()) {
      for (const socket of sockets) {
        if (bufferedBytes(socket.conn) <= MAX_BUFFERED_BYTES) continue;
        this.log.warn('slow reader disconnected', { userId: socket.data.viewer.userId });
        // Not a polite close: what it would wait for is the very thing that does not drain.
        socket.conn.close(true);
      }
    }
  }
}

/** Waits for something to become true, but not for ever. */
async function until(isSo: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isSo() && Date.now() < deadline) await sleep(10);
}

/** The request a connection began with is some kilobytes that nobody asks for again. */
function forgetHandshake(socket: Client): void {
  Object.assign(socket.conn, { request: null });
  Object.assign(socket, { handshake: null });
}
