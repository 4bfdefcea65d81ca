import { browserDatabase } from '../indexed-db.js';
import type { OutboxStorage, StoredMessage } from './storage.js';

const MESSAGES = 'messages';

/**
 * Keeps messages in the browser's IndexedDB, so that they outlive a reload. Tabs of one page share it: should two of them
 * send the same message, it is stored once, under its `clientMessageId`.
 * @example
 * const parley = new Parley({ url, outbox: indexedDbOutbox() });
 */
export function indexedDbOutbox(name = 'parley-outbox'): OutboxStorage {
  const transact = browserDatabase({
    name,
    version: 1,
    upgrade: (database) => database.createObjectStore(MESSAGES, { keyPath: 'key' }),
    durability: 'strict',
  });
  const run = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    transact(MESSAGES, mode, (transaction) => {
      const request = work(transaction.objectStore(MESSAGES));
      return () => request.result;
    });

  return {
    load: () => run<StoredMessage[]>('readonly', (store) => store.getAll()),
    put: async (item) => {
      await run('readwrite', (store) => store.put(item));
    },
    remove: async (key) => {
      await run('readwrite', (store) => store.delete(key));
    },
  };
}
