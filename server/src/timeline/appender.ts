import { Injectable } from '@nestjs/common';
import type { Message, Quote } from '@parley/protocol';
import type pg from 'pg';
import { AppError, isDatabaseAway, toAppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { againAfterDeadlock } from '../platform/database/deadlock.js';
import { Events } from '../platform/events/domain-events.js';
import { Log } from '../platform/logging/log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { appendBatch, findHeld, type Outcome, type Positions, readQuotes, sortBatch } from './append.queries.js';
import { asSeenFrom, type Batch, type Draft, fromDraft, toBatch } from './batch.js';
import { type Appended, isFull, type Lane, newLane, takeAll, takeBatch, wait, type Waiting } from './lane.js';
import { placeKey, type Quotes } from './quotes.js';
import './timeline.events.js';

/** A batch that is on disk. */
interface Written {
  readonly positions: Positions;
  readonly quotes: Quotes | null;
}

/** Two writers keep PostgreSQL busy; more would only wait for the same flush. */
const LANES = 2;
/**
 * As long as no more than this waits one writer takes all of it: a batch costs PostgreSQL as much as fifteen messages
 * before the first of them, and two writers would only take the processor from one another.
 */
const MOST_TOGETHER = 100;
/** In ms. With the second try on a new connection a caller hears within five seconds. */
const WRITE_TIMEOUT = 2_500;
/** In ms. When somebody keeps a conversation locked for longer, the others no longer wait with it. */
const LOCK_PATIENCE = 250;

/**
 * The group-commit appender. While one batch is being written the next gathers, so one statement, one commit and one
 * flush serve hundreds of messages under load, and where nothing is under way a message waits for nobody. A conversation
 * takes the same lane, of which one batch at a time is written, so its messages never overtake one another; one that
 * somebody else keeps locked, a node that stands still in the middle of a transaction, moves with all that waits in it to
 * the lane of the held, and back once that has been written or refused.
 */
@Injectable()
export class Appender {
  readonly #pool: pg.Pool;
  readonly #lanes: readonly Lane[] = Array.from({ length: LANES }, newLane);
  readonly #heldLane = newLane();
  /** The conversations whose lane that is. */
  readonly #held = new Set<string>();
  #isToStart = false;

  constructor(
    database: Database,
    private readonly events: Events,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.#pool = database.createPool({
      max: LANES + 1,
      query_timeout: WRITE_TIMEOUT,
      lock_timeout: LOCK_PATIENCE,
      application_name: 'parley-writer',
    });
  }

  /** Resolves once the message is on disk; rejects with `not_found` when the sender has no seat. */
  append(draft: Draft): Promise<Appended> {
    const lane = this.#laneOf(draft.conversationId);
    if (isFull(lane)) return Promise.reject(new AppError('overloaded'));
    return new Promise((resolve, reject) => {
      wait(lane, toWaiting(draft, resolve, reject));
      if (lane.isWriting || this.#isToStart) return;
      this.#isToStart = true;
      // At the end of this turn of the event loop: what other sockets brought in the same turn comes along.
      setImmediate(() => {
        this.#isToStart = false;
        this.#start();
      });
    });
  }

  /** Has what waits written, by one writer or two; where one is at it and little waits, that goes with its next batch. */
  #start(): void {
    const ready = this.#lanes.filter((lane) => lane.waiting.length > 0 && !lane.isWriting);
    if (this.#countWaiting() > MOST_TOGETHER) for (const lane of ready) void this.#write([lane]);
    else if (ready.length > 0 && !this.#lanes.some((lane) => lane.isWriting && !lane.isSorting))
      void this.#write(ready);
    this.metrics.appendQueue.set(this.#countWaiting());
  }

  #countWaiting(): number {
    return this.#lanes.reduce((sum, { waiting }) => sum + waiting.length, this.#heldLane.waiting.length);
  }

  /** Writes a batch of each of these lanes: all in one statement, or, where that is refused, lane by lane. */
  async #write(lanes: readonly Lane[]): Promise<void> {
    const batches = lanes.map((lane) => {
      lane.isWriting = true;
      return takeBatch(lane);
    });
    const now = this.clock.now();
    const outcome = await this.#writeAtOnce(batches.flat(), now);
    await Promise.all(
      lanes.map(async (lane, index) => {
        if (outcome !== 'written') await this.#writeSlowly(lane, batches[index] ?? [], outcome === 'too_slow');
        lane.isWriting = false;
        this.#start();
      }),
    );
  }

  /** Writes a batch as it is, which takes that all in it may write, nothing is there yet and no lock is held for long. */
  async #writeAtOnce(waiting: readonly Waiting[], now: Date): Promise<'written' | 'refused' | 'too_slow'> {
    const batch = toBatch(waiting);
    const measured = this.metrics.batchDuration.startTimer();
    try {
      const written = await this.#connected(async (client) => {
        const positions = await appendBatch(client, batch, now, false);
        return { positions, quotes: await readQuotes(client, batch.drafts, now) };
      });
      measured();
      this.metrics.batchSize.observe(waiting.length);
      this.#settle(batch, written, now);
      return 'written';
    } catch (error) {
      this.log.debug('batch has to be sorted', { size: waiting.length, error: String(error) });
      return isDatabaseAway(error) ? 'too_slow' : 'refused';
    }
  }

  /** Writes what the held lane has for as long as it has any, and so waits for whoever keeps those conversations locked. */
  async #writeHeld(): Promise<void> {
    const lane = this.#heldLane;
    if (lane.isWriting) return;
    lane.isWriting = true;
    while (lane.waiting.length > 0) {
      const batch = takeBatch(lane);
      await this.#writeSlowly(lane, batch, false);
      for (const { conversationId } of batch) this.#held.delete(conversationId);
      this.#spread(lane);
      this.#start();
    }
    this.#held.clear();
    lane.isWriting = false;
  }

  /** Moves the conversations that somebody keeps locked to the held lane; returns the drafts of the others. */
  async #setHeldAside(lane: Lane, drafts: readonly Waiting[]): Promise<readonly Waiting[]> {
    const held = await this.#connected((client) => findHeld(client, drafts));
    if (held.size === 0) return drafts;
    for (const id of held) this.#held.add(id);
    for (const draft of drafts) if (held.has(draft.conversationId)) wait(this.#heldLane, draft);
    this.#spread(lane);
    void this.#writeHeld();
    return drafts.filter(({ conversationId }) => !held.has(conversationId));
  }

  /** Puts what waits in a lane where it now belongs. */
  #spread(lane: Lane): void {
    for (const draft of takeAll(lane)) wait(this.#laneOf(draft.conversationId), draft);
  }

  async #writeSlowly(lane: Lane, waiting: readonly Waiting[], isHeldUp: boolean): Promise<void> {
    lane.isSorting = true;
    let drafts = waiting;
    try {
      if (isHeldUp) drafts = await this.#setHeldAside(lane, waiting);
      if (drafts.length > 0) await this.#writeSorted(toBatch(drafts).drafts, this.clock.now());
    } catch (error) {
      this.#refuse(drafts, error);
      // Whoever waits behind a database that is away is told now, not after a time-out of their own.
      if (isDatabaseAway(error)) this.#refuse(takeAll(lane), error);
    }
    lane.isSorting = false;
  }

  /**
   * Finds out what of a batch can be stored, stores that, and tells the others; safe after a first try whose outcome is
   * unknown. Should one draft be such that nothing can be written beside it, halving the batch finds it.
   */
  async #writeSorted(drafts: readonly Waiting[], now: Date): Promise<void> {
    try {
      const sort = async (client: pg.PoolClient) => {
        const outcomes = await sortBatch(client, drafts, now);
        const batch = toBatch(drafts.filter((_, index) => outcomes[index]?.outcome === 'free'));
        const positions = batch.drafts.length > 0 ? await appendBatch(client, batch, now, true) : null;
        return { outcomes, batch, positions, quotes: await readQuotes(client, drafts, now) };
      };
      const { outcomes, batch, positions, quotes } = await againAfterDeadlock(() => this.#inTransaction(sort));
      const stored = positions ? this.#settle(batch, { positions, quotes }, now) : new Map<string, Message>();
      for (const [index, draft] of drafts.entries()) {
        const outcome = outcomes[index] ?? { outcome: 'unseated' };
        if (outcome.outcome === 'repeated' && outcome.id === draft.id) this.#settleRecovered(draft, outcome, quotes);
        else this.#settleSorted(draft, outcome, stored);
      }
    } catch (error) {
      if (drafts.length === 1 || isDatabaseAway(error)) throw error;
      const middle = Math.ceil(drafts.length / 2);
      for (const half of [drafts.slice(0, middle), drafts.slice(middle)]) {
        await this.#writeSorted(half, now).catch((fault: unknown) => this.#refuse(half, fault));
      }
    }
  }

  /** Tells the senders and everyone else of a batch that is on disk; returns its messages by id. */
  #settle(batch: Batch<Waiting>, { positions, quotes }: Written, now: Date): Map<string, Message> {
    const createdAt = now.toISOString();
    const stored = new Map<string, Message>();
    const shown: Message[] = [];
    for (const [index, draft] of batch.drafts.entries()) {
      const group = (batch.groups[index] ?? 0) - 1;
      const place = batch.places[index] ?? 0;
      const at = {
        seq: (positions.lastSeqs[group] ?? 0) + place,
        rev: (positions.lastRevs[group] ?? 0) + place,
        createdAt,
        expiresAt: positions.expiries?.[group]?.toISOString() ?? null,
      };
      const message = fromDraft(draft, at, quotes && quoteOf(draft, quotes));
      stored.set(message.id, message);
      shown.push(positions.visibleFroms ? asSeenFrom(message, positions.visibleFroms[group] ?? 1) : message);
      draft.resolve({ repeated: false, message });
    }
    this.#announce(shown);
    if (positions.visibleFroms) this.#announceInFull(batch, positions.visibleFroms, stored, shown);
    return stored;
  }

  /** Answers a draft that has been through `sortBatch`; those that were free have their answer. */
  #settleSorted(draft: Waiting, outcome: Outcome, stored: ReadonlyMap<string, Message>): void {
    switch (outcome.outcome) {
      case 'free':
        return;
      case 'repeated':
        draft.resolve({ ...outcome, repeated: true });
        return;
      case 'doubled': {
        const first = stored.get(outcome.id);
        if (first) draft.resolve({ ...first, repeated: true, createdAt: new Date(first.createdAt) });
        else draft.reject(new AppError('unavailable'));
        return;
      }
      case 'slow':
        draft.reject(new AppError('slow_mode', { retryAfterMs: outcome.waitMs }));
        return;
      case 'forbidden':
      case 'silenced':
        draft.reject(new AppError(outcome.outcome));
        return;
      case 'unseated':
        draft.reject(new AppError('not_found'));
    }
  }

  /** The first try was on disk although its answer was lost: nobody has been told yet. */
  #settleRecovered(draft: Waiting, stored: Outcome & { outcome: 'repeated' }, quotes: Quotes | null): void {
    const at = {
      seq: stored.seq,
      rev: stored.rev,
      createdAt: stored.createdAt.toISOString(),
      expiresAt: stored.expiresAt?.toISOString() ?? null,
    };
    const message = fromDraft(draft, at, quotes && quoteOf(draft, quotes));
    draft.resolve({ repeated: false, message });
    // Who may see a quote is not known here, so it is looked up for each member.
    const visibleFrom = Number.MAX_SAFE_INTEGER;
    const shown = asSeenFrom(message, visibleFrom);
    this.#announce([shown]);
    if (shown !== message) void this.events.announce('message.changed', { message, visibleFrom });
  }

  /** Whoever may see what is quoted is told of it after everyone has been told that there is something. */
  #announceInFull(
    batch: Batch<Waiting>,
    visibleFroms: readonly number[],
    stored: ReadonlyMap<string, Message>,
    shown: readonly Message[],
  ): void {
    for (const [index, draft] of batch.drafts.entries()) {
      const message = stored.get(draft.id);
      if (!message || message === shown[index]) continue;
      const visibleFrom = visibleFroms[(batch.groups[index] ?? 0) - 1] ?? 1;
      void this.events.announce('message.changed', { message, visibleFrom });
    }
  }

  #announce(messages: readonly Message[]): void {
    if (messages.length === 0) return;
    for (const [type, count] of countByType(messages)) this.metrics.messagesSent.inc({ type }, count);
    void this.events.announce('messages.appended', messages);
  }

  #refuse(drafts: readonly Waiting[], error: unknown): void {
    const refusal = toAppError(error);
    for (const draft of drafts) draft.reject(refusal);
  }

  /** As `pool.query`, which would throw the connection away with every refused or repeated message. */
  async #connected<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    // The pool listens only to connections that rest. What is under way fails by itself; unheard, the loss of the
    // connection would end the process.
    client.on('error', ignore);
    let isLost = false;
    try {
      return await work(client);
    } catch (error) {
      isLost = isDatabaseAway(error);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(isLost);
    }
  }

  #inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.#connected(async (client) => {
      await client.query('BEGIN; SET LOCAL lock_timeout = 0');
      try {
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (!isDatabaseAway(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  #laneOf(conversationId: string): Lane {
    if (this.#held.has(conversationId)) return this.#heldLane;
    // The last digits of an id are random in every version of UUID that we make.
    const lane = this.#lanes[Number.parseInt(conversationId.slice(-4), 16) % LANES];
    if (!lane) throw new Error(`No lane for ${conversationId}`);
    return lane;
  }
}

/** Field by field: on this path a spread would cost as much as the rest. */
const toWaiting = (draft: Draft, resolve: Waiting['resolve'], reject: Waiting['reject']): Waiting => ({
  id: draft.id,
  conversationId: draft.conversationId,
  senderId: draft.senderId,
  clientMessageId: draft.clientMessageId,
  messageType: draft.messageType,
  content: draft.content,
  metadata: draft.metadata,
  facts: draft.facts,
  resolve,
  reject,
});

const ignore = (): void => undefined;

function quoteOf({ conversationId, facts }: Draft, quotes: Quotes): Quote | null {
  if (facts?.replyToSeq === undefined) return null;
  return quotes.get(placeKey({ conversationId, seq: facts.replyToSeq })) ?? null;
}

function countByType(messages: readonly Message[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { messageType } of messages) counts.set(messageType, (counts.get(messageType) ?? 0) + 1);
  return counts;
}
