import type { OutboxStorage, StoredMessage } from './storage.js';

const MESSAGES = 'messages';

/**
 * Keeps messages in the browser's IndexedDB, so that they outlive a reload. Tabs of one page share it: should two of them
 * send the same message, it is stored once, under its `clientMessageId`.
 * @example
 * const parley = new Parley({ url, outbox: indexedDbOutbox() });
 */
export function indexedDbOutbox(name = 'parley-outbox'): OutboxStorage {
  let opening: Promise<IDBDatabase> | undefined;

  const open = (): Promise<IDBDatabase> => {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(MESSAGES, { keyPath: 'key' });
      request.onsuccess = () => {
        // Another tab that wants to delete or upgrade the database must not wait for this one.
        request.result.onversionchange = () => {
          request.result.close();
          opening = undefined;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(reasonOf(request.error));
    }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  /** Resolves once the transaction is complete, which is when its writes are kept. */
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(MESSAGES, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(MESSAGES));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(reasonOf(transaction.error));
    });
  };

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

const reasonOf = (error: DOMException | null): Error => error ?? new Error('The browser gave no reason');
