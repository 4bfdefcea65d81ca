import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import type { JobQueue } from './job-queue.js';
import { Outbox } from './outbox.js';

const BATCH = 500;
/** How long a row may lie unseen when the wake-up was lost with its process, in ms. */
const LOOK_EVERY = 1_000;

interface OutboxRow {
  readonly id: number;
  readonly kind: string;
  readonly payload: unknown;
}

/**
 * Carries outbox rows to the job queue. A row is deleted only in the transaction in which the queue took it; if that
 * commit is lost the row comes again under the same job id, which the queue knows.
 */
@Injectable()
export class OutboxRelay {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  start(to: { kinds: readonly string[]; queue: Pick<JobQueue, 'addBulk'> }): void {
    this.#stopped = false;
    const look = () => {
      this.#running ??= this.#drain(to).finally(() => {
        this.#running = undefined;
      });
    };
    this.outbox.onAdded(look);
    this.#timer = setInterval(look, LOOK_EVERY);
    look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #drain(to: { kinds: readonly string[]; queue: Pick<JobQueue, 'addBulk'> }): Promise<void> {
    try {
      let moved = BATCH;
      while (moved === BATCH && !this.#stopped) {
        moved = await this.database.transaction((tx) => this.#move(tx, to));
      }
      this.metrics.outboxDepth.set(0);
    } catch (error) {
      // Nothing is lost: the rows are still there at the next look.
      this.log.warn('outbox could not be relayed', { error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Moves up to `BATCH` rows; rows of a kind that nobody handles yet are settled by deleting them. */
  async #move(
    tx: Tx,
    { kinds, queue }: { kinds: readonly string[]; queue: Pick<JobQueue, 'addBulk'> },
  ): Promise<number> {
    const rows = await tx.query<OutboxRow>(
      `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING id, kind, payload`,
    );
    this.metrics.outboxDepth.set(rows.length);
    const jobs = rows
      .filter((row) => kinds.includes(row.kind))
      .sort((a, b) => a.id - b.id)
      .map((row) => ({ name: row.kind, data: row.payload, opts: { jobId: `outbox-${row.id}` } }));
    if (jobs.length > 0) await queue.addBulk(jobs);
    return rows.length;
  }
}
