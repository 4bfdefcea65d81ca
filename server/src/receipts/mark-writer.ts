import './receipt.events.js';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { AppError, isDatabaseAway } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { againAfterDeadlock } from '../platform/database/deadlock.js';
import { Events } from '../platform/events/domain-events.js';
import { type Mark, type MarkedSeat, moveMarks } from './marks.queries.js';

interface Waiting {
  mark: Mark;
  readonly settle: { resolve: (seat: MarkedSeat) => void; reject: (error: unknown) => void }[];
}

const MOST_IN_BATCH = 500;
const MOST_WAITING = 20_000;
/** In ms. */
const WRITE_TIMEOUT = 2_500;

/**
 * Writes marks the way the appender writes messages: while one batch is written the next gathers. Marks of one person in
 * one conversation that wait together become the furthest of them.
 */
@Injectable()
export class MarkWriter {
  readonly #pool: pg.Pool;
  readonly #waiting = new Map<string, Waiting>();
  #isWriting = false;

  constructor(
    database: Database,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {
    this.#pool = database.createPool({ max: 1, query_timeout: WRITE_TIMEOUT, application_name: 'parley-marks' });
  }

  /** Resolves once the mark is on disk; rejects with `not_found` for who has no seat. */
  move(mark: Mark): Promise<MarkedSeat> {
    return new Promise((resolve, reject) => {
      const key = `${mark.conversationId} ${mark.userId}`;
      const waiting = this.#waiting.get(key);
      if (waiting) {
        waiting.mark = furthest(waiting.mark, mark);
        waiting.settle.push({ resolve, reject });
      } else if (this.#waiting.size >= MOST_WAITING) {
        reject(new AppError('overloaded'));
      } else {
        this.#waiting.set(key, { mark, settle: [{ resolve, reject }] });
      }
      if (this.#isWriting) return;
      this.#isWriting = true;
      setImmediate(() => void this.#write());
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = this.#take(MOST_IN_BATCH);
      try {
        await this.#writeBatch(batch);
      } catch (error) {
        refuse(batch, error);
        // Whoever waits behind a database that is away is told now, not after a time-out of their own.
        if (isDatabaseAway(error)) refuse(this.#take(this.#waiting.size), error);
      }
    }
    this.#isWriting = false;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const at = this.clock.now();
    const marks = batch.map(({ mark }) => mark);
    const seats = await againAfterDeadlock(() => moveMarks(this.#pool, marks, at));
    const moved = marks.flatMap(({ conversationId, userId }, index) => {
      const seat = seats[index];
      return seat?.isChanged ? [{ conversationId, userId, seat }] : [];
    });
    for (const [index, { settle }] of batch.entries()) {
      const seat = seats[index];
      for (const { resolve, reject } of settle) {
        if (seat) resolve(seat);
        else reject(new AppError('not_found'));
      }
    }
    if (moved.length > 0) void this.events.announce('marks.moved', { at, marks: moved });
  }

  #take(most: number): Waiting[] {
    const keys = [...this.#waiting.keys()].slice(0, most);
    return keys.flatMap((key) => {
      const waiting = this.#waiting.get(key);
      this.#waiting.delete(key);
      return waiting ? [waiting] : [];
    });
  }
}

const furthest = (a: Mark, b: Mark): Mark => ({
  ...a,
  readSeq: further(a.readSeq, b.readSeq),
  deliveredSeq: further(a.deliveredSeq, b.deliveredSeq),
});

const further = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

function refuse(batch: readonly Waiting[], error: unknown): void {
  for (const { settle } of batch) for (const { reject } of settle) reject(error);
}
