import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { AppError } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';

/** One person's wish to have read up to `seq`. */
export interface Mark {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly seq: number;
}

/** Where a mark stood and stands, and what is left after it. */
export interface MovedMark {
  readonly before: number;
  readonly lastReadSeq: number;
  readonly lastDeliveredSeq: number;
  readonly unreadCount: number;
  /** Whether the reader lets others know. */
  readonly isShared: boolean;
}

interface Waiting {
  mark: Mark;
  readonly settle: { resolve: (moved: MovedMark) => void; reject: (error: unknown) => void }[];
}

const MOST_IN_BATCH = 500;
const MOST_WAITING = 20_000;
/** In ms. */
const WRITE_TIMEOUT = 2_500;

/**
 * Writes read marks the way the appender writes messages: while one batch is written the next gathers. Marks of one
 * person in one conversation that wait together become the furthest of them.
 */
@Injectable()
export class ReadMarkWriter {
  readonly #pool: pg.Pool;
  readonly #waiting = new Map<string, Waiting>();
  #isWriting = false;

  constructor(database: Database) {
    this.#pool = database.createPool({ max: 1, query_timeout: WRITE_TIMEOUT, application_name: 'parley-marks' });
  }

  /** Resolves once the mark is on disk; rejects with `not_found` for who has no seat. */
  move(mark: Mark): Promise<MovedMark> {
    return new Promise((resolve, reject) => {
      const key = `${mark.conversationId} ${mark.userId}`;
      const waiting = this.#waiting.get(key);
      if (waiting) {
        if (mark.seq > waiting.mark.seq) waiting.mark = mark;
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
      const batch = this.#take();
      try {
        const moved = await this.#moveAll(batch.map(({ mark }) => mark));
        for (const [index, { settle }] of batch.entries()) {
          const result = moved[index];
          for (const { resolve, reject } of settle) {
            if (result) resolve(result);
            else reject(new AppError('not_found'));
          }
        }
      } catch (error) {
        for (const { settle } of batch) for (const { reject } of settle) reject(error);
      }
    }
    this.#isWriting = false;
  }

  /** The next batch in order of conversation and user, which is the order of the row locks. */
  #take(): Waiting[] {
    const keys = [...this.#waiting.keys()].slice(0, MOST_IN_BATCH).sort();
    return keys.flatMap((key) => {
      const waiting = this.#waiting.get(key);
      this.#waiting.delete(key);
      return waiting ? [waiting] : [];
    });
  }

  async #moveAll(marks: readonly Mark[]): Promise<(MovedMark | null)[]> {
    const { rows } = await this.#pool.query<{ [K in keyof MovedMark]: MovedMark[K] | null }>({
      name: 'move_read_marks',
      text: `SELECT seq_before AS before, seq_after AS "lastReadSeq", delivered AS "lastDeliveredSeq",
                    unread AS "unreadCount", is_shared AS "isShared"
             FROM move_read_marks($1, $2, $3, $4)`,
      values: [
        marks.map(({ tenantId }) => tenantId),
        marks.map(({ conversationId }) => conversationId),
        marks.map(({ userId }) => userId),
        marks.map(({ seq }) => seq),
      ],
    });
    return rows.map((row) => (row.before === null ? null : (row as MovedMark)));
  }
}
