import type { Presence } from '@parley/protocol';
import type { Connection } from '../connection.js';

/** As many as one request can name. */
const AT_ONCE = 500;
const TIMEOUT = 10_000;

/**
 * Follows whether people can be reached, for as long as somebody watches, across reconnects.
 * @example
 * const stop = parley.presence.watch([bob.id], ({ status }) => console.log(status));
 */
export class PresenceWatch {
  /** How many watch each person. */
  readonly #watched = new Map<string, number>();
  readonly #known = new Map<string, Presence>();
  readonly #listeners = new Set<(presence: Presence) => void>();

  constructor(private readonly connection: Pick<Connection, 'state' | 'request' | 'on'>) {
    connection.on('presence', (presence) => this.#learn(presence));
    connection.on('state', ({ state }) => {
      if (state === 'connected') void this.#subscribe([...this.#watched.keys()]);
    });
    // A server that has missed something watches nobody for anyone any more.
    connection.on('sync_needed', () => void this.#subscribe([...this.#watched.keys()]));
  }

  /** What is known of somebody who is watched. */
  get(userId: string): Presence | undefined {
    return this.#known.get(userId);
  }

  /** Hears of these people now and whenever something changes; the returned function stops it. */
  watch(userIds: readonly string[], listener: (presence: Presence) => void): () => void {
    const wanted = new Set(userIds);
    const heard = (presence: Presence) => {
      if (wanted.has(presence.userId)) listener(presence);
    };
    this.#listeners.add(heard);
    const fresh = [...wanted].filter((userId) => !this.#watched.has(userId));
    for (const userId of wanted) this.#watched.set(userId, (this.#watched.get(userId) ?? 0) + 1);
    for (const userId of wanted) {
      const known = this.#known.get(userId);
      if (known) listener(known);
    }
    void this.#subscribe(fresh);
    return () => {
      if (this.#listeners.delete(heard)) this.#release([...wanted]);
    };
  }

  #release(userIds: readonly string[]): void {
    const over = userIds.filter((userId) => {
      const left = (this.#watched.get(userId) ?? 1) - 1;
      if (left > 0) this.#watched.set(userId, left);
      else this.#watched.delete(userId);
      return left === 0;
    });
    for (const userId of over) this.#known.delete(userId);
    for (const some of inParts(over)) void this.#ask('presence_unsubscribe', some);
  }

  async #subscribe(userIds: readonly string[]): Promise<void> {
    for (const some of inParts(userIds)) {
      const answer = await this.#ask('presence_subscribe', some);
      for (const presence of answer ?? []) this.#learn(presence);
    }
  }

  /** What cannot be asked now is asked when there is a connection again. */
  async #ask(event: 'presence_subscribe' | 'presence_unsubscribe', userIds: string[]): Promise<Presence[] | undefined> {
    if (this.connection.state !== 'connected') return undefined;
    try {
      const answer = await this.connection.request(event, { userIds }, TIMEOUT);
      return 'items' in answer ? answer.items : undefined;
    } catch {
      return undefined;
    }
  }

  #learn(presence: Presence): void {
    if (!this.#watched.has(presence.userId)) return;
    this.#known.set(presence.userId, presence);
    for (const listener of [...this.#listeners]) listener(presence);
  }
}

function inParts(userIds: readonly string[]): string[][] {
  const count = Math.ceil(userIds.length / AT_ONCE);
  return Array.from({ length: count }, (_, part) => userIds.slice(part * AT_ONCE, (part + 1) * AT_ONCE));
}
