import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import { Log } from '../logging/log.js';

/** What has happened, by name in the past tense. Features add their own events by declaration merging. */
// oxlint-disable-next-line typescript/no-empty-interface -- filled by each feature's events file
export interface DomainEvents {}

type Name = keyof DomainEvents;
type Listener<E extends Name> = (event: DomainEvents[E]) => void | Promise<void>;

/**
 * In-process news, upwards: a feature announces, those above listen. `emit` speaks only after the commit, so nobody
 * hears of what was rolled back. What must happen even if the process dies now belongs in the outbox instead.
 */
@Injectable()
export class Events {
  readonly #listeners = new Map<Name, Listener<Name>[]>();

  constructor(private readonly log: Log) {}

  on<E extends Name>(name: E, listener: Listener<E>): void {
    const listeners = this.#listeners.get(name) ?? [];
    listeners.push(listener as Listener<Name>);
    this.#listeners.set(name, listeners);
  }

  /** Announces once `tx` is committed. */
  emit<E extends Name>(tx: Tx, name: E, event: DomainEvents[E]): void {
    tx.afterCommit(() => this.announce(name, event));
  }

  /** Announces what is committed already. */
  async announce<E extends Name>(name: E, event: DomainEvents[E]): Promise<void> {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        await listener(event);
      } catch (error) {
        this.log.error('a listener failed', {
          event: name,
          error: error instanceof Error ? error.stack : String(error),
        });
      }
    }
  }
}
