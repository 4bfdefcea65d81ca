import { Injectable } from '@nestjs/common';
import type { Message } from '@parley/protocol';
import type pg from 'pg';
import { AppError, isDatabaseAway, toAppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Events } from '../platform/events/domain-events.js';
import { Log } from '../platform/logging/log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { appendCarefully, appendFast, type Positions } from './append.queries.js';
import { type Draft, fromDraft, toBatch } from './batch.js';
import './timeline.events.js';

/** What became of a draft: stored now, or stored before under the same client message id. */
export type Appended =
  | { readonly repeated: false; readonly message: Message }
  | {
      readonly repeated: true;
      readonly id: string;
      readonly seq: number;
      readonly rev: number;
      readonly createdAt: Date;
    };

interface Waiting extends Draft {
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** One writer connection and what waits for it. */
interface Lane {
  readonly waiting: Waiting[];
  waitingCharacters: number;
  writing: boolean;
}

/** Two writers keep PostgreSQL busy; more would only wait for the same flush. */
const LANES = 2;
const MOST_IN_BATCH = 500;
const MOST_CHARACTERS_IN_BATCH = 4_000_000;
/** Past this a lane refuses: memory stays bounded and waiting longer would help nobody. */
const MOST_WAITING = 20_000;
const MOST_CHARACTERS_WAITING = 64_000_000;
/** In ms. With the second try on a new connection a caller hears within five seconds. */
const WRITE_TIMEOUT = 2_500;

/**
 * The group-commit appender. While one batch is being written the next gathers, so one statement, one commit and one
 * flush serve hundreds of messages under load, and a lone message waits for nobody. A conversation always takes the
 * same lane, so its messages never overtake one another.
 */
@Injectable()
export class Appender {
  readonly #pool: pg.Pool;
  readonly #lanes: readonly Lane[] = Array.from({ length: LANES }, () => ({
    waiting: [],
    waitingCharacters: 0,
    writing: false,
  }));

  constructor(
    database: Database,
    private readonly events: Events,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.#pool = database.createPool({ max: LANES, query_timeout: WRITE_TIMEOUT, application_name: 'parley-writer' });
  }

  /** Resolves once the message is on disk; rejects with `not_found` when the sender has no seat. */
  append(draft: Draft): Promise<Appended> {
    const lane = this.#laneOf(draft.conversationId);
    if (lane.waiting.length >= MOST_WAITING || lane.waitingCharacters >= MOST_CHARACTERS_WAITING) {
      return Promise.reject(new AppError('overloaded'));
    }
    return new Promise((resolve, reject) => {
      lane.waiting.push(toWaiting(draft, resolve, reject));
      lane.waitingCharacters += draft.content.length;
      if (lane.writing) return;
      lane.writing = true;
      // At the end of this turn of the event loop: what other sockets brought in the same turn comes along.
      setImmediate(() => void this.#write(lane));
    });
  }

  async #write(lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const drafts = takeBatch(lane);
      this.metrics.appendQueue.set(this.#lanes.reduce((sum, { waiting }) => sum + waiting.length, 0));
      try {
        await this.#writeBatch(drafts);
      } catch (error) {
        this.#refuse(drafts, error);
        // Whoever waits behind a database that is away is told now, not after a time-out of their own.
        if (isDatabaseAway(error)) this.#refuse(takeAll(lane), error);
      }
    }
    lane.writing = false;
  }

  async #writeBatch(waiting: readonly Waiting[]): Promise<void> {
    const batch = toBatch(waiting);
    const now = this.clock.now();
    const written = this.metrics.batchDuration.startTimer();
    let positions: Positions;
    try {
      positions = await appendFast(this.#pool, batch, now);
    } catch (error) {
      this.log.debug('batch goes the careful way', { size: waiting.length, error: String(error) });
      await this.#writeCarefully(batch.drafts, now);
      return;
    }
    written();
    this.metrics.batchSize.observe(waiting.length);
    const createdAt = now.toISOString();
    const messages = batch.drafts.map((draft, index) => {
      const group = (batch.groups[index] ?? 0) - 1;
      const place = batch.places[index] ?? 0;
      const seq = (positions.lastSeqs[group] ?? 0) + place;
      const message = fromDraft(draft, { seq, rev: (positions.lastRevs[group] ?? 0) + place, createdAt });
      draft.resolve({ repeated: false, message });
      return message;
    });
    this.#announce(messages);
  }

  /** Finds out message by message what can be stored; safe to run after a first try whose outcome is unknown. */
  async #writeCarefully(drafts: readonly Waiting[], now: Date): Promise<void> {
    const outcomes = await appendCarefully(this.#pool, drafts, now);
    const messages: Message[] = [];
    for (const [index, draft] of drafts.entries()) {
      const row = outcomes[index];
      if (row?.outcome === 'stored' || (row?.outcome === 'repeated' && row.id === draft.id)) {
        const message = fromDraft(draft, { seq: row.seq, rev: row.rev, createdAt: row.createdAt.toISOString() });
        messages.push(message);
        draft.resolve({ repeated: false, message });
      } else if (row?.outcome === 'repeated') {
        draft.resolve({ repeated: true, id: row.id, seq: row.seq, rev: row.rev, createdAt: row.createdAt });
      } else {
        draft.reject(new AppError(row?.outcome === 'refused' ? 'not_found' : 'unavailable'));
      }
    }
    this.#announce(messages);
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

  #laneOf(conversationId: string): Lane {
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
  resolve,
  reject,
});

function takeBatch(lane: Lane): Waiting[] {
  let size = 0;
  let characters = 0;
  for (const { content } of lane.waiting) {
    if (size === MOST_IN_BATCH || (size > 0 && characters + content.length > MOST_CHARACTERS_IN_BATCH)) break;
    size += 1;
    characters += content.length;
  }
  lane.waitingCharacters -= characters;
  return lane.waiting.splice(0, size);
}

function takeAll(lane: Lane): Waiting[] {
  lane.waitingCharacters = 0;
  return lane.waiting.splice(0);
}

function countByType(messages: readonly Message[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { messageType } of messages) counts.set(messageType, (counts.get(messageType) ?? 0) + 1);
  return counts;
}
