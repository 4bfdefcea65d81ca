import './realtime.events.js';
import { Inject, Injectable } from '@nestjs/common';
import {
  type Ack,
  Errors,
  FRAME_CEILING,
  NAMESPACE,
  type RevokedReason,
  type ServerEvent,
  type ServerPayload,
} from '@parley/protocol';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from 'socket.io';
import { CONFIG, type Config } from '../../config.js';
import { AppError, invalid, toAppError } from '../app-error.js';
import { Events } from '../events/domain-events.js';
import { addressReader } from '../http/client-address.js';
import { limitAddress } from '../limits/address.js';
import { Limits } from '../limits/limits.js';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { TIMING, type Timing } from '../timing.js';
import type { Viewer } from '../viewer.js';
import { Bus, type Move } from './bus.js';
import { ClientEventRouter } from './client-events.js';
import { coalesceWrites } from './coalesce-writes.js';
import { type Connection, conversationOf, type Topic, type TopicKind } from './connection.js';
import { type Audience, guardDeliveries, send } from './deliveries.js';
import { type Client, type ClientNamespace, LocalSockets } from './local-sockets.js';
import { Membership, unwatch, type WatchedTopic } from './membership.js';
import { room, userRoom, watchRoom } from './rooms.js';
import { bufferedBytes } from './slow-readers.js';

/** What the features above tell the realtime layer, once, at start-up. */
export interface Connecting {
  /** Whose token this is; throws an `AppError` that the client receives as `connect_error`. */
  authenticate(token: string): Promise<Viewer>;
  /** The conversations whose events this person receives; `isSettled` where changes that are being made are waited for. */
  conversationsOf(viewer: Viewer, isSettled: boolean): Promise<string[]>;
}

/** On each node. */
const CONNECTIONS_PER_USER = 50;
/** How much one connection may watch beside its user's conversations; a person takes two topics. */
const TOPICS_PER_CONNECTION = 2_500;
/** A client that lets this much pile up is cut off; it comes back and syncs. */
const MAX_BUFFERED_BYTES = 8 * 1_024 * 1_024;
const LOOK_FOR_SLOW_READERS_EVERY = 2_000;
const DRAIN_SPREAD = 3_000;
/** How long a client has to answer a goodbye, in ms. */
const GOODBYE = 1_000;

/**
 * Owns the Socket.IO server: features name conversations, people and sessions, never rooms or sockets.
 * A socket receives everything of all its user's conversations from the moment it is connected, whichever node it is
 * connected to.
 */
@Injectable()
export class Realtime {
  #server: Server | undefined;
  #clients: ClientNamespace | undefined;
  #connecting: Partial<Connecting> = {};
  #slowReaders: NodeJS.Timeout | undefined;
  readonly #sockets = new LocalSockets();
  readonly #membership: Membership;
  #running = 0;
  #isDraining = false;
  readonly #connections = new Set<Duplex>();
  readonly #addressOf: (request: IncomingMessage) => string;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(TIMING) private readonly timing: Timing,
    private readonly router: ClientEventRouter,
    private readonly bus: Bus,
    private readonly events: Events,
    private readonly limits: Limits,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.#addressOf = addressReader(config.TRUST_PROXY);
    this.#membership = new Membership({
      sockets: this.#sockets,
      bus,
      log,
      timing,
      conversationsOf: async (viewer, isSettled) => this.#admission().conversationsOf(viewer, isSettled),
      closeSession: (session, reason) => this.closeSession(session, reason),
    });
  }

  /** Fills in how sockets are admitted; each feature gives the part it knows. */
  admitBy(part: Partial<Connecting>): void {
    this.#connecting = { ...this.#connecting, ...part };
  }

  async attach(httpServer: HttpServer): Promise<void> {
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
      // The same for every configuration: what is too long for this one is answered, and who sent it stays connected.
      maxHttpBufferSize: FRAME_CEILING,
      connectTimeout: 10_000,
      pingInterval: this.timing.pingInterval,
      pingTimeout: this.timing.pingTimeout,
      // Who is asked to go elsewhere must not be let in again.
      allowRequest: (_request, decide) => decide(null, !this.#isDraining),
      ...(this.config.CORS_ORIGINS.length > 0 && { cors: { origin: this.config.CORS_ORIGINS } }),
    });
    await this.bus.start(this.#server, this.#membership);
    this.#clients = this.#server.of(NAMESPACE);
    guardDeliveries(this.#clients, () => this.#membership.isCurrent);
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
    this.#emit({ to: room(conversationId) }, event, payload);
  }

  toUser<E extends ServerEvent>(userId: string, event: E, payload: ServerPayload<E>): void {
    this.#emit({ to: userRoom(userId) }, event, payload);
  }

  /** Tells a person what concerns a conversation, for as long as they are in it: not who has been put out meanwhile. */
  toMember<E extends ServerEvent>(userId: string, conversationId: string, event: E, payload: ServerPayload<E>): void {
    this.#emit({ to: userRoom(userId), within: room(conversationId) }, event, payload);
  }

  /**
   * Tells the connections that watch a topic, but none of the person who is excepted, and none that watches one of the
   * other topics named.
   */
  toTopic<E extends ServerEvent>(
    topic: Topic,
    event: E,
    payload: ServerPayload<E>,
    { except, exceptWatching = [] }: { except?: string; exceptWatching?: readonly Topic[] } = {},
  ): void {
    const excepted = exceptWatching.map(watchRoom);
    if (except !== undefined) excepted.push(userRoom(except));
    this.#emit({ to: watchRoom(topic), except: excepted }, event, payload);
  }

  /** Whether the connection receives the events of this conversation at this moment. */
  receives(connection: Connection, conversationId: string): boolean {
    return this.#socketOf(connection)?.rooms.has(room(conversationId)) ?? false;
  }

  /**
   * From now on this connection hears of the topics, until it is gone or, with a topic of a conversation, its user no
   * longer sits there. The caller has checked that the viewer may; one who has been put out since is refused.
   */
  watch(connection: Connection, ...topics: Topic[]): void {
    const socket = this.#socketOf(connection);
    if (!socket) return;
    const conversationIds = topics.map(conversationOf).filter((id) => id !== undefined);
    if (!conversationIds.every((id) => socket.rooms.has(room(id)))) throw new AppError('unavailable');
    const added = topics.filter((topic) => !socket.data.watched.has(topic));
    if (socket.data.watched.size + added.length > TOPICS_PER_CONNECTION) {
      throw invalid('', `A connection watches at most ${TOPICS_PER_CONNECTION} at once`);
    }
    for (const topic of added) socket.data.watched.add(topic);
    void socket.join(added.map(watchRoom));
  }

  unwatch(connection: Connection, ...topics: Topic[]): void {
    const socket = this.#socketOf(connection);
    if (socket) unwatch(socket, topics);
  }

  /**
   * From now on no connection of these people hears of these topics, or of any of these kinds. Resolves once that is so
   * on every node, and throws `unavailable` if that cannot be known.
   */
  unwatchAll(who: string | readonly string[], topics: readonly (Topic | TopicKind)[]): Promise<void> {
    return this.#membership.unwatch([who].flat(), topics);
  }

  /** What the connections of these people watch of one kind, and who watches the topics named; on every node. */
  watching(userIds: readonly string[], of: TopicKind, topics: readonly Topic[] = []): Promise<WatchedTopic[]> {
    return this.#membership.watching(userIds, of, topics);
  }

  /** Which of these people have a socket, on whichever node. */
  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    if (userIds.length === 0) return new Set();
    return this.#membership.online(userIds);
  }

  /**
   * From now on the sockets of these people receive the conversation's events. Resolves once that is so on every node;
   * where that cannot be reached it follows as soon as it can. Whoever was put out since stays out.
   */
  join(moves: readonly Move[], conversationId: string): Promise<void> {
    return this.#membership.join(moves, conversationId);
  }

  /** Has every node set right, by what PostgreSQL says, what these people receive; whoever was not told all is to sync. */
  lookAgain(userIds: readonly string[]): Promise<void> {
    return this.#membership.lookAgain(userIds);
  }

  /**
   * From now on nothing of the conversation reaches the sockets of these people, those still connecting included.
   * Resolves once that is so on every node, and throws `unavailable` if that cannot be known: then they must stay in.
   */
  leave(moves: readonly Move[], conversationId: string): Promise<void> {
    return this.#membership.leave(moves, conversationId);
  }

  /** Ends a session's sockets on every node at once; a node that cannot be reached learns of it from PostgreSQL. */
  endSession(session: { userId: string; sessionId: string }, reason: RevokedReason): Promise<void> {
    return this.#membership.endSession(session, reason);
  }

  /** Tells the sockets that a session has on this node why it ended, and closes them. */
  closeSession(session: { userId: string; sessionId: string }, reason: RevokedReason): void {
    for (const socket of this.#sockets.of(session.userId)) {
      if (socket.data.viewer.sessionId !== session.sessionId) continue;
      socket.emit('session_revoked', { reason });
      socket.disconnect(true);
    }
    void this.events.announce('session.closed', { sessionId: session.sessionId });
  }

  /** Asks everyone to reconnect elsewhere, spread over a few seconds, and waits for the events in work. */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    clearInterval(this.#slowReaders);
    this.#membership.stop();
    for (const socket of this.#sockets) {
      socket.emit('server_draining', { reconnectInMs: Math.floor(Math.random() * DRAIN_SPREAD) });
    }
    await until(() => this.#running === 0, timeoutMs);
    // Without "local" everyone on every node would have to go.
    this.#clients?.local.disconnectSockets(true);
    // What is still on its way gets there first; whoever does not answer the goodbye is not waited for.
    await until(() => this.#connections.size === 0, GOODBYE);
    this.#server?.engine.close();
    for (const connection of this.#connections) connection.destroy();
  }

  #emit<E extends ServerEvent>(audience: Audience, event: E, payload: ServerPayload<E>): void {
    if (!this.#membership.isCurrent) this.#membership.withheld();
    else if (this.#clients) send(this.#clients, audience, event, payload);
  }

  #admission(): Connecting {
    const { authenticate, conversationsOf } = this.#connecting;
    if (!authenticate || !conversationsOf) throw new AppError('unavailable');
    return { authenticate, conversationsOf };
  }

  /** Everything up to the first event: once the client hears "connected" it misses nothing. */
  async #admit(socket: Client): Promise<void> {
    await this.limits.take('connect', limitAddress(this.#addressOf(socket.request)));
    const token: unknown = socket.handshake.auth.token;
    const viewer = await this.#admission().authenticate(typeof token === 'string' ? token : '');
    socket.data.viewer = viewer;
    socket.data.watched = new Set();
    this.#remember(socket, viewer);
    // Known first, asked for rooms second: a removal in between is heard of.
    await this.#membership.admit(socket);
    forgetHandshake(socket);
  }

  #remember(socket: Client, viewer: Viewer): void {
    if (this.#sockets.of(viewer.userId).size >= CONNECTIONS_PER_USER) {
      throw new AppError('rate_limited', { retryAfterMs: 5_000 });
    }
    this.#sockets.add(viewer.userId, socket);
    this.metrics.sockets.inc();
    // The connection below is there before the socket is connected, and its end is the only sure one.
    socket.conn.once('close', () => {
      this.#sockets.remove(viewer.userId, socket);
      this.metrics.sockets.dec();
    });
  }

  #serve(socket: Client): void {
    const { viewer } = socket.data;
    const connection: Connection = { id: socket.id };
    void this.events.announce('connection.opened', { viewer, connection });
    socket.once('disconnect', () => void this.events.announce('connection.closed', { viewer, connection }));
    socket.onAny((event: string, payload: unknown, ...rest: unknown[]) => {
      const last = rest.at(-1) ?? payload;
      const acknowledge = typeof last === 'function' ? (last as (answer: Ack<unknown>) => void) : undefined;
      this.#running += 1;
      void this.router
        .run({ viewer, connection }, event, typeof payload === 'function' ? undefined : payload)
        .then((answer) => {
          this.#running -= 1;
          acknowledge?.(answer);
        });
    });
  }

  #socketOf({ id }: Connection): Client | undefined {
    return this.#clients?.sockets.get(id);
  }

  #connectError(error: AppError): Error {
    if (error.code === 'internal') this.log.error('connection failed', { error: String(error.cause) });
    const { retryable } = Errors[error.code];
    return Object.assign(new Error(error.message), {
      data: { code: error.code, retryable, ...(error.retryAfterMs && { retryAfterMs: error.retryAfterMs }) },
    });
  }

  #cutSlowReaders(): void {
    for (const socket of this.#sockets) {
      if (bufferedBytes(socket.conn) <= MAX_BUFFERED_BYTES) continue;
      this.log.warn('slow reader disconnected', { userId: socket.data.viewer.userId });
      // Not a polite close: what it would wait for is the very thing that does not drain.
      socket.conn.close(true);
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
