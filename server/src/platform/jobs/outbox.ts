import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import type { JobKind, JobPayloads } from './job-kinds.js';

/** Side effects are written in the transaction of their cause and carried out by jobs afterwards. */
@Injectable()
export class Outbox {
  #wake: () => void = () => undefined;

  async add<K extends JobKind>(tx: Tx, kind: K, payload: JobPayloads[K]): Promise<void> {
    await tx.query('INSERT INTO outbox (kind, payload) VALUES ($1, $2)', [kind, JSON.stringify(payload)]);
    tx.afterCommit(() => this.#wake());
  }

  /** Lets the relay hear of new rows at once instead of at its next look. */
  onAdded(wake: () => void): void {
    this.#wake = wake;
  }
}
