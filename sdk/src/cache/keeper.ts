import type { StoreState } from '../store/state.js';
import type { Schedule } from '../store/sync-engine.js';
import { changesOf, type Kept, type StoreCache } from './cache.js';

interface Parts {
  readonly cache: StoreCache;
  readonly getState: () => StoreState;
  readonly schedule: Schedule;
}

/** How long changes gather before they are kept, in ms. */
const GATHER = 1_000;

/**
 * Keeps the store in a cache while it changes, where no other store does. Whatever goes wrong with a cache ends the
 * keeping, and nothing else.
 */
export class Keeper {
  /** From `start` to `stop`; aborted as well when another has taken over, or the cache fails. */
  #turn: AbortController | undefined;
  /** There once it is our turn to write. */
  #held: AbortController | undefined;
  /** What the cache has; undefined where that is not known. */
  #kept: StoreState | undefined;
  #saving: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;

  constructor(private readonly parts: Parts) {
    if (typeof addEventListener !== 'function') return;
    // The last that a page hears before it is closed, or put away for good by a phone.
    for (const event of ['pagehide', 'visibilitychange']) addEventListener(event, () => void this.flush());
  }

  load(): Promise<Kept | null> {
    return this.parts.cache.load().catch(() => null);
  }

  /** Keeps what the store has, and from now on what becomes of it, as soon as no other store does so. */
  start(): void {
    if (this.#turn) return;
    const turn = new AbortController();
    this.#turn = turn;
    const work = () =>
      new Promise<void>((resolve) => {
        if (turn.signal.aborted) {
          resolve();
          return;
        }
        turn.signal.addEventListener('abort', () => resolve());
        this.#held = turn;
        this.changed();
      });
    void this.parts.cache
      .hold(work)
      .catch(() => undefined)
      .finally(() => turn.abort());
  }

  /** The store has changed. */
  changed(): void {
    if (!this.#held || this.#held.signal.aborted) return;
    this.#cancel ??= this.parts.schedule(() => {
      this.#cancel = undefined;
      void this.flush();
    }, GATHER);
  }

  /** Keeps at once what has changed. */
  flush(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  /** Keeps nothing of what there was. */
  async forget(): Promise<void> {
    this.#turn?.abort();
    this.#cancel?.();
    this.#turn = this.#held = this.#cancel = this.#kept = undefined;
    await this.#saving;
    await this.parts.cache.clear().catch(() => undefined);
  }

  async #save(): Promise<void> {
    const { cache, getState } = this.parts;
    const held = this.#held;
    const state = getState();
    if (!held || held.signal.aborted || !state.profile || !state.isLoaded || state === this.#kept) return;
    try {
      await cache.save(changesOf(state, state.profile, this.#kept));
      if (!held.signal.aborted) this.#kept = state;
    } catch {
      held.abort();
    }
  }
}
