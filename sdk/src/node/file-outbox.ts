import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OutboxStorage, StoredMessage } from '../outbox/storage.js';

/**
 * Keeps messages in a file, so that they outlive the process. The file is always whole: each state is written beside it,
 * flushed to the disk and then put in its place. One process at a time may use it.
 * @example
 * import { fileOutbox } from '@parley/sdk/node';
 * const parley = new Parley({ url, outbox: fileOutbox('/var/lib/bot/outbox.json') });
 */
export function fileOutbox(path: string): OutboxStorage {
  let loading: Promise<Map<string, StoredMessage>> | undefined;
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const items = () => (loading ??= read(path));

  /** While one state is being written, all changes gather in the next. */
  const write = (): Promise<void> => {
    next ??= current
      .catch(() => undefined)
      .then(async () => {
        next = undefined;
        current = save(path, [...(await items()).values()]);
        return current;
      });
    return next;
  };

  return {
    load: async () => [...(await items()).values()],
    put: async (item) => {
      (await items()).set(item.key, item);
      await write();
    },
    remove: async (key) => {
      if ((await items()).delete(key)) await write();
    },
  };
}

async function read(path: string): Promise<Map<string, StoredMessage>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]';
    throw error;
  });
  try {
    return new Map((JSON.parse(text) as StoredMessage[]).map((item) => [item.key, item]));
  } catch {
    // Not written by us, or a disk has failed: a client must start all the same, and nothing is thrown away.
    await rename(path, `${path}.damaged`);
    return new Map();
  }
}

async function save(path: string, items: readonly StoredMessage[]): Promise<void> {
  const beside = `${path}.new`;
  await writeSafely(beside, JSON.stringify(items));
  await rename(beside, path);
  const folder = await open(dirname(path), 'r');
  // That the file is in its place has to reach the disk too; where folders cannot be flushed, the system sees to it.
  await folder.sync().catch(() => undefined);
  await folder.close();
}

async function writeSafely(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
