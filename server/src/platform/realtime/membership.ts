import type { RevokedReason } from '@parley/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../logging/log.js';
import type { Timing } from '../timing.js';
import type { Viewer } from '../viewer.js';
import type { Bus, BusNode, Move, MoveRequest, NodeRequest } from './bus.js';
import { isOfSeat, kindOf, type Topic, type TopicKind, topicsOf } from './connection.js';
import type { Client, LocalSockets } from './local-sockets.js';
import { conversationsIn, room, userRoom, watchRoom } from './rooms.js';
import { SeatMoves } from './seat-moves.js';
import { SeatReads } from './seat-reads.js';
import { SyncCaller } from './sync-caller.js';
import { Untold } from './untold.js';

/** A topic that somebody's connections watch. */
export interface WatchedTopic {
  readonly userId: string;
  readonly topic: Topic;
}

/** What membership works on. */
interface Parts {
  readonly sockets: LocalSockets;
  readonly bus: Bus;
  readonly log: Log;
  readonly timing: Timing;
  conversationsOf(viewer: Viewer, isSettled: boolean): Promise<readonly string[]>;
  closeSession(session: { userId: string; sessionId: string }, reason: RevokedReason): void;
}

/** How many people's seats are read at once where there are many: ordinary work goes on beside it. */
const READ_AT_ONCE = 4;
const READ_AGAIN = 1_000;

/**
 * Keeps the rooms of this node's sockets as PostgreSQL has the seats. What other nodes change is heard over the bus. A
 * node that does not hear it may serve somebody who was put out elsewhere, so it delivers nothing at all and lets its
 * clients sync; before it delivers again it reads everybody's seats anew.
 */
export class Membership implements BusNode {
  readonly #reads = new SeatReads();
  readonly #moves = new SeatMoves();
  readonly #makeSure = new Map<string, NodeJS.Timeout>();
  readonly #untold: Untold;
  readonly #syncs: SyncCaller;
  #isCaughtUp = true;
  #backAt = -Infinity;
  /** Counts the losses and returns of the bus: what was read before one says nothing after it. */
  #turns = 0;

  constructor(private readonly parts: Parts) {
    this.#untold = new Untold(parts.bus, parts.timing.tellAgainAfter, () => this.isCurrent);
    this.#syncs = new SyncCaller(parts.sockets);
  }

  /** Whether the rooms are as they should be at this moment, so that events may be delivered. */
  get isCurrent(): boolean {
    return this.#isCaughtUp && this.parts.bus.hears;
  }

  /**
   * Whether this node hears the others again only since a moment ago: a removal that was agreed on without it may not be
   * committed yet, so seats are read once it is; and it may be later than a join that is told only now.
   */
  get #isFresh(): boolean {
    return !this.#isCaughtUp || performance.now() - this.#backAt < this.parts.timing.freshFor;
  }

  get hasUntold(): boolean {
    return !this.#untold.isEmpty;
  }

  /** Something was not told because this node does not hear the others. */
  withheld(): void {
    this.#untold.addEvents();
  }

  /** Puts a socket that is connecting into its rooms. */
  async admit(socket: Client): Promise<void> {
    const { viewer } = socket.data;
    for (;;) {
      const turn = this.#turns;
      // Whoever is being put out at this moment may still have a seat, and nobody may tell us when they have not.
      const isSettled = this.#isFresh || this.#makeSure.has(viewer.userId);
      const ids = await this.#reads.read(viewer.userId, () => this.parts.conversationsOf(viewer, isSettled));
      if (turn !== this.#turns) continue;
      await socket.join([userRoom(viewer.userId), ...ids.map(room)]);
      return;
    }
  }

  async join(moves: readonly Move[], conversationId: string): Promise<void> {
    const request = toRequest('join', moves, conversationId);
    try {
      await this.parts.bus.ask(request);
    } catch (error) {
      this.parts.log.warn('joining could not be told to every node', { conversationId, error: String(error) });
      this.#untold.addSeats(request.userIds);
    }
  }

  async lookAgain(userIds: readonly string[]): Promise<void> {
    await this.parts.bus.ask({ kind: 'look_again', userIds }).catch(() => this.#untold.addSeats(userIds));
  }

  async leave(moves: readonly Move[], conversationId: string): Promise<void> {
    const request = toRequest('leave', moves, conversationId);
    try {
      await this.parts.bus.ask(request);
    } catch (error) {
      this.#untold.addSeats(request.userIds);
      throw error;
    }
  }

  async unwatch(userIds: readonly string[], topics: readonly (Topic | TopicKind)[]): Promise<void> {
    const request = { kind: 'unwatch', userIds, topics } as const;
    try {
      await this.parts.bus.ask(request);
    } catch (error) {
      this.#untold.addEnd(request);
      throw error;
    }
  }

  async watching(userIds: readonly string[], of: TopicKind, topics: readonly Topic[]): Promise<WatchedTopic[]> {
    const pairs = await this.parts.bus.ask({ kind: 'watching', userIds, of, topics });
    return pairs.map(toWatchedTopic);
  }

  async endSession({ userId, sessionId }: { userId: string; sessionId: string }, reason: RevokedReason): Promise<void> {
    this.parts.closeSession({ userId, sessionId }, reason);
    try {
      await this.parts.bus.ask({ kind: 'end_session', userIds: [userId], sessionId, reason });
    } catch (error) {
      this.parts.log.warn('the end of a session could not be told to every node', { error: String(error) });
    }
  }

  async online(userIds: readonly string[]): Promise<Set<string>> {
    try {
      return new Set(await this.parts.bus.ask({ kind: 'find', userIds }));
    } catch {
      // Who is connected to a node that does not answer is going to sync.
      return new Set(this.#here(userIds));
    }
  }

  carryOut(request: NodeRequest): readonly string[] | Promise<readonly string[]> {
    const here = this.#here(request.userIds);
    switch (request.kind) {
      case 'join': {
        const joining = this.#moves.note(request);
        // It may be older than a removal that this node was not asked for.
        if (this.#isFresh) return this.#correctAll(here, request.conversationId).then(() => here);
        this.#move(joining, request.conversationId, true);
        break;
      }
      case 'leave':
        this.#move(this.#moves.note(request), request.conversationId, false);
        for (const userId of request.userIds) this.#makeSureOf(userId);
        break;
      case 'end_session': {
        const [userId] = request.userIds;
        this.parts.closeSession({ userId, sessionId: request.sessionId }, request.reason);
        break;
      }
      case 'unwatch':
        for (const userId of here) this.#unwatch(userId, new Set(request.topics));
        break;
      case 'watching':
        return this.#watching(request.userIds, request.of, new Set(request.topics));
      case 'look_again':
        void this.#correctAll(here);
        for (const userId of request.userIds) this.#makeSureOf(userId);
        break;
      case 'sync_all':
        this.#syncs.callAll('peer_lost');
        break;
      case 'find':
        break;
    }
    return here;
  }

  lost(): void {
    // What was told last may not have reached the others; a node that starts has told nothing.
    if (this.#isCaughtUp && this.#turns > 0) this.#untold.addEvents();
    this.#turns += 1;
    this.#isCaughtUp = false;
    this.#syncs.keepCalling('bus_lost');
  }

  back(): void {
    this.#turns += 1;
    this.#backAt = performance.now();
    void this.#catchUp(this.#turns);
  }

  vanished(): void {
    // Whoever is catching up looks at everybody already.
    if (!this.#isCaughtUp) return;
    // They may have let somebody in, or put somebody out, of whom they told nobody.
    void this.#correctAll(this.parts.sockets.userIds()).then(() => this.#syncs.callAll('peer_lost'));
  }

  stop(): void {
    this.#turns += 1;
    this.#untold.stop();
    this.#syncs.stop();
    for (const timer of this.#makeSure.values()) clearTimeout(timer);
  }

  async #catchUp(turn: number): Promise<void> {
    await someAtOnce(this.parts.sockets.userIds(), async (userId) => {
      while (turn === this.#turns && (await this.#readAgain(userId)) === 'failed') await sleep(READ_AGAIN);
    });
    if (turn !== this.#turns) return;
    // What people show may have changed unheard: their clients watch anew what they still may.
    for (const socket of this.parts.sockets)
      unwatch(
        socket,
        [...socket.data.watched].filter((topic) => !isOfSeat(topic)),
      );
    this.#isCaughtUp = true;
    this.#syncs.rest();
    // Only now: what a client is told to sync must not have a hole between its answer and the first event.
    this.#syncs.callAll('bus_back');
    await this.#untold.tell();
  }

  #correctAll(userIds: readonly string[], told?: string): Promise<void> {
    return someAtOnce(userIds, (userId) => this.#correct(userId, told));
  }

  /** Sets a person's rooms right, and has them sync if they may have missed more than that of which they are being told. */
  async #correct(userId: string, told?: string): Promise<void> {
    const changed = await this.#readAgain(userId);
    if (changed === 'failed') return this.#makeSureOf(userId);
    if (changed.every((id) => id === told)) return;
    for (const socket of this.parts.sockets.of(userId)) socket.emit('sync_needed', { reason: 'bus_back' });
  }

  /**
   * Sets the rooms of a person's sockets to what PostgreSQL says once the changes that are being made are done; returns
   * the conversations for which they were wrong.
   */
  async #readAgain(userId: string): Promise<'failed' | string[]> {
    const [first] = this.parts.sockets.of(userId);
    if (!first) return [];
    const turn = this.#turns;
    try {
      const { viewer } = first.data;
      const ids = new Set(await this.#reads.read(userId, () => this.parts.conversationsOf(viewer, true)));
      // Whoever heard of the turn reads for themselves.
      if (turn !== this.#turns) return [];
      return [...this.parts.sockets.of(userId)].flatMap((socket) => setConversations(socket, ids));
    } catch (error) {
      this.parts.log.warn('seats could not be read', { userId, error: String(error) });
      return 'failed';
    }
  }

  #move(userIds: readonly string[], conversationId: string, isIn: boolean): void {
    for (const userId of userIds) {
      this.#reads.changed(userId, conversationId, isIn);
      for (const socket of this.parts.sockets.of(userId)) {
        if (isIn) void socket.join(room(conversationId));
        else leave(socket, conversationId);
      }
    }
  }

  #watching(userIds: readonly string[], of: TopicKind, topics: ReadonlySet<Topic>): string[] {
    const people = new Set(userIds);
    const found: string[] = [];
    for (const { data } of this.parts.sockets) {
      const { userId } = data.viewer;
      for (const topic of data.watched) {
        const isAsked = topics.has(topic) || (people.has(userId) && kindOf(topic) === of);
        if (isAsked) found.push(`${userId} ${topic}`);
      }
    }
    return found;
  }

  #unwatch(userId: string, topics: ReadonlySet<string>): void {
    for (const socket of this.parts.sockets.of(userId)) {
      const ended = [...socket.data.watched].filter((topic) => topics.has(topic) || topics.has(kindOf(topic)));
      unwatch(socket, ended);
    }
  }

  /** Whoever changes this person's seats may fail before that is done, and before they could say so. */
  #makeSureOf(userId: string): void {
    clearTimeout(this.#makeSure.get(userId));
    const look = () => {
      this.#makeSure.delete(userId);
      void this.#correct(userId);
    };
    this.#makeSure.set(userId, setTimeout(look, this.parts.timing.makeSureAfter * (1 + Math.random())).unref());
  }

  #here(userIds: readonly string[]): string[] {
    return userIds.filter((userId) => this.parts.sockets.has(userId));
  }
}

/** Does some work for each person, for a few of them at a time. */
async function someAtOnce(userIds: readonly string[], work: (userId: string) => Promise<void>): Promise<void> {
  const left = userIds.values();
  const worker = async () => {
    for (const userId of left) await work(userId);
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, worker));
}

function toRequest(kind: MoveRequest['kind'], moves: readonly Move[], conversationId: string): MoveRequest {
  const userIds = moves.map(({ userId }) => userId);
  return { kind, userIds, inboxRevs: moves.map(({ inboxRev }) => inboxRev), conversationId };
}

/** Returns what there was to change. */
function setConversations(socket: Client, ids: ReadonlySet<string>): string[] {
  const surplus = conversationsIn(socket.rooms).filter((id) => !ids.has(id));
  const missing = [...ids].filter((id) => !socket.rooms.has(room(id)));
  for (const id of surplus) leave(socket, id);
  void socket.join(missing.map(room));
  return [...surplus, ...missing];
}

function leave(socket: Client, conversationId: string): void {
  void socket.leave(room(conversationId));
  unwatch(socket, topicsOf(conversationId));
}

function toWatchedTopic(pair: string): WatchedTopic {
  const [userId = '', topic = ''] = pair.split(' ');
  return { userId, topic: topic as Topic };
}

/** From now on this socket hears nothing of these topics. */
export function unwatch(socket: Client, topics: readonly Topic[]): void {
  for (const topic of topics) {
    socket.data.watched.delete(topic);
    void socket.leave(watchRoom(topic));
  }
}
