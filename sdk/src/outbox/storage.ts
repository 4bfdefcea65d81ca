import type { Outgoing } from '../sender.js';
import type { Refusal } from '../store/state.js';

/** A message that is to be sent, as it outlives a reload. */
export interface StoredMessage {
  /** Unique among all that are stored. */
  readonly key: string;
  /** Whose message it is: another person may use the same device. */
  readonly userId: string;
  /** Messages are sent in this order. */
  readonly order: number;
  readonly message: Outgoing;
  readonly queuedAt: string;
  /** Why the server has refused it; it is not sent again by itself. */
  readonly error?: Refusal;
}

/**
 * Where messages wait until the server has them. `put` and `remove` resolve once that is safe; what is put again under
 * the same key takes the place of the first.
 * @example
 * new Parley({ url, outbox: indexedDbOutbox() });
 */
export interface OutboxStorage {
  load(): Promise<readonly StoredMessage[]>;
  put(item: StoredMessage): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Keeps messages for as long as the page or process lives. */
export function memoryOutbox(): OutboxStorage {
  const items = new Map<string, StoredMessage>();
  return {
    load: () => Promise.resolve([...items.values()]),
    put: (item) => Promise.resolve(void items.set(item.key, item)),
    remove: (key) => Promise.resolve(void items.delete(key)),
  };
}
