import { browserDatabase } from '../indexed-db.js';
import type { ConversationState } from '../store/conversation.js';
import type { KeptPerson, StoreCache } from './cache.js';

/** To be raised with every change of what is kept: another version of it is dropped, not read. */
const VERSION = 1;
const PERSON = 'person';
const CONVERSATIONS = 'conversations';
const BOTH = [PERSON, CONVERSATIONS];

/**
 * Keeps a store in the browser's IndexedDB, so that a page shows its conversations at once and without a network. One tab
 * at a time writes there, told by Web Locks; a browser without them keeps nothing.
 * @example
 * const parley = new Parley({ url, cache: indexedDbCache() });
 */
export function indexedDbCache(name = 'parley-cache'): StoreCache {
  const transact = browserDatabase({ name, version: VERSION, upgrade: makeAnew, durability: 'relaxed' });

  const clear = () =>
    transact(BOTH, 'readwrite', (transaction) => {
      for (const store of BOTH) transaction.objectStore(store).clear();
      return () => undefined;
    });

  return {
    load: () =>
      transact(BOTH, 'readonly', (transaction) => {
        const person = transaction.objectStore(PERSON).get(PERSON) as IDBRequest<KeptPerson | undefined>;
        const conversations = transaction.objectStore(CONVERSATIONS).getAll() as IDBRequest<ConversationState[]>;
        return () => (person.result ? { person: person.result, conversations: conversations.result } : null);
      }).catch(async (error: unknown) => {
        // A later version of this page has been here.
        await remove(name);
        throw error;
      }),
    hold: async (work) => {
      await webLocks()?.request(name, work);
    },
    save: ({ person, changed, ids }) =>
      transact(BOTH, 'readwrite', (transaction) => {
        const conversations = transaction.objectStore(CONVERSATIONS);
        const keys = conversations.getAllKeys();
        keys.onsuccess = () => {
          for (const key of keys.result) if (typeof key !== 'string' || !ids.has(key)) conversations.delete(key);
        };
        for (const conversation of changed) conversations.put(conversation);
        transaction.objectStore(PERSON).put(person, PERSON);
        return () => undefined;
      }),
    clear: async () => {
      const locks = webLocks();
      await (locks ? locks.request(name, { steal: true }, clear) : clear());
    },
  };
}

function makeAnew(database: IDBDatabase): void {
  for (const old of database.objectStoreNames) database.deleteObjectStore(old);
  database.createObjectStore(PERSON);
  database.createObjectStore(CONVERSATIONS, { keyPath: 'conversation.id' });
}

const remove = (name: string): Promise<void> =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });

/** Absent where a page was not sent over https, whatever its types say. */
const webLocks = (): LockManager | undefined =>
  typeof navigator === 'object' && 'locks' in navigator ? navigator.locks : undefined;
