interface Opening {
  readonly name: string;
  readonly version: number;
  /** Makes the object stores of this version out of those of an earlier one. */
  readonly upgrade: (database: IDBDatabase) => void;
  /** Whether what is written has to be on the disk before it counts as kept. */
  readonly durability: IDBTransactionDurability;
}

/** Does something in one transaction over these object stores; resolves once it is complete, with what was read. */
export type Transact = <T>(
  stores: string | string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => () => T,
) => Promise<T>;

/** A database of the browser, which is opened when it is first used. */
export function browserDatabase({ name, version, upgrade, durability }: Opening): Transact {
  let opening: Promise<IDBDatabase> | undefined;

  const open = (): Promise<IDBDatabase> => {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => upgrade(request.result);
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

  return async (stores, mode, work) => {
    const transaction = (await open()).transaction(stores, mode, { durability });
    const complete = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(reasonOf(transaction.error));
    });
    let read: ReturnType<typeof work>;
    try {
      read = work(transaction);
    } catch (error) {
      // What was asked for before it failed must not be kept without the rest.
      complete.catch(() => undefined);
      transaction.abort();
      throw error;
    }
    await complete;
    return read();
  };
}

const reasonOf = (error: DOMException | null): Error => error ?? new Error('The browser gave no reason');
