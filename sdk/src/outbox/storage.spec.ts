import 'fake-indexeddb/auto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileOutbox } from '../node/file-outbox.js';
import { indexedDbOutbox } from './indexed-db.js';
import { memoryOutbox, type OutboxStorage, type StoredMessage } from './storage.js';

const item = (order: number, content = `text ${order}`): StoredMessage => ({
  key: `me chat ${order}`,
  userId: 'me',
  order,
  message: { conversationId: 'chat', clientMessageId: `${order}`, content },
  queuedAt: '2026-01-01T00:00:00.000Z',
});
const byOrder = (items: readonly StoredMessage[]) => items.toSorted((a, b) => a.order - b.order);

let folder: string;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley outbox '));
  count += 1;
});
afterEach(() => rm(folder, { recursive: true }));

const KEPT: readonly [string, () => OutboxStorage][] = [
  ['IndexedDB', () => indexedDbOutbox(`outbox ${count}`)],
  ['a file', () => fileOutbox(join(folder, 'outbox.json'))],
];

describe('an outbox', () => {
  it.each([['memory', () => memoryOutbox()] as const, ...KEPT])(
    'in %s has what was put and not removed, and of one key the last',
    async (_, open) => {
      const outbox = open();
      await Promise.all([1, 2, 3, 4].map((order) => outbox.put(item(order))));
      await Promise.all([outbox.remove('me chat 2'), outbox.put(item(3, 'changed')), outbox.remove('nothing')]);
      expect(byOrder(await outbox.load())).toEqual([item(1), item(3, 'changed'), item(4)]);
    },
  );

  it.each(KEPT)('in %s still has it when it is opened again', async (_, open) => {
    const before = open();
    await before.put(item(1));
    await Promise.all([before.put(item(2)), before.remove('me chat 1'), before.put(item(3))]);
    expect(byOrder(await open().load())).toEqual([item(2), item(3)]);
  });
});

describe('an outbox in a file', () => {
  it('is whole after the process was killed while it wrote', async () => {
    const path = join(folder, 'outbox.json');
    const writer = join(folder, 'writer.mjs');
    const source = new URL('../../dist/node/file-outbox.js', import.meta.url).href;
    await writeFile(
      writer,
      `import { fileOutbox } from ${JSON.stringify(source)};
       const outbox = fileOutbox(${JSON.stringify(path)});
       const item = (order) => ({ ...${JSON.stringify(item(0))}, key: 'me chat ' + order, order });
       for (let order = 1; ; order += 1) { await outbox.put(item(order)); process.send(order); }`,
    );
    for (let kill = 0; kill < 3; kill += 1) {
      const child = fork(writer, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      let kept = 0;
      child.on('message', (order: number) => {
        kept = order;
        if (order === 20 + kill) child.kill('SIGKILL');
      });
      await once(child, 'exit');
      const orders = byOrder(await fileOutbox(path).load()).map(({ order }) => order);
      expect(orders.length).toBeGreaterThanOrEqual(kept);
      expect(orders).toEqual(orders.map((__, index) => index + 1));
      await rm(path);
    }
  });

  it('takes no notice of what was half written beside it', async () => {
    const path = join(folder, 'outbox.json');
    await fileOutbox(path).put(item(1));
    await writeFile(`${path}.new`, '[{"key":"me ch');
    expect(await fileOutbox(path).load()).toEqual([item(1)]);
  });

  it('starts empty when it cannot be read, and puts what is there aside', async () => {
    const path = join(folder, 'outbox.json');
    await writeFile(path, '[{"key":"me ch');
    const outbox = fileOutbox(path);
    expect(await outbox.load()).toEqual([]);
    expect(await readFile(`${path}.damaged`, 'utf8')).toBe('[{"key":"me ch');
    await outbox.put(item(1));
    expect(await fileOutbox(path).load()).toEqual([item(1)]);
  });
});
