import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cast } from './cast.js';
import { readHistory, type RunningServer, startServer } from './harness/index.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ env: { LOG_LEVEL: 'warn' } });
});
afterAll(() => server.cleanup());

describe('a client that sends faster than it may', () => {
  it('is slowed down and not turned away: everything arrives, once, in the order of sending', async () => {
    const { alice, bob } = await cast(server.url, 'alice', 'bob');
    const chat = await alice.client.conversations.direct(bob.id);
    const contents = Array.from({ length: 400 }, (_, index) => `line ${index}`);
    await Promise.all(contents.map((content) => alice.client.messages.send(chat.id, content)));
    const history = await readHistory(bob.client, chat.id);
    expect(history.map(({ content }) => content)).toEqual(contents);
  });
});
