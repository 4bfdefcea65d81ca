import type { Sent } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection, StateChange } from './connection.js';
import { Emitter } from './emitter.js';
import { ParleyError } from './errors.js';
import { type Outgoing, Sender } from './sender.js';

/** A connection whose other end the test plays. */
class Line extends Emitter<{ state: StateChange }> {
  state = 'connected' as const;
  readonly open: { message: Outgoing; store: () => void; refuse: (error: ParleyError) => void }[] = [];
  readonly stored: string[] = [];

  request(_: 'send_message', message: Outgoing): Promise<Sent> {
    return new Promise((resolve, reject) => {
      const store = () => {
        this.stored.push(message.clientMessageId);
        const at = { seq: this.stored.length, rev: this.stored.length, createdAt: '' };
        resolve({ ...at, id: message.clientMessageId, clientMessageId: message.clientMessageId });
      };
      this.open.push({ message, store, refuse: reject });
    });
  }

  /** What has been sent and not been answered. */
  get sent(): string[] {
    return this.open.map(({ message }) => message.clientMessageId);
  }

  async answer(how: (request: (typeof this.open)[number], index: number) => void): Promise<void> {
    for (const [index, request] of this.open.splice(0).entries()) how(request, index);
    await vi.advanceTimersByTimeAsync(0);
  }
}

let line: Line;
let sender: Sender;
beforeEach(() => {
  vi.useFakeTimers();
  line = new Line();
  sender = new Sender(line as unknown as Connection, { first: 100, most: 100 });
});
afterEach(() => {
  vi.useRealTimers();
});

const send = (...ids: string[]) =>
  ids.map((clientMessageId) => sender.send({ conversationId: 'chat', clientMessageId, content: 'text' }));
const slow = new ParleyError('slow_mode', 'wait', { retryAfterMs: 1_000 });

describe('a sender', () => {
  it('does not wait for one message before it sends the next', () => {
    void send('a', 'b', 'c');
    expect(line.sent).toEqual(['a', 'b', 'c']);
  });

  it('waits as long as slow mode asks, then sends one message at a time until they get through again', async () => {
    void send('a', 'b', 'c', 'd', 'e');
    await line.answer((request, index) => (index === 0 ? request.store() : request.refuse(slow)));
    await vi.advanceTimersByTimeAsync(999);
    expect(line.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(line.sent).toEqual(['b']);
    await line.answer((request) => request.store());
    expect(line.sent).toEqual(['c', 'd']);
    await line.answer((request) => request.refuse(slow));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(line.sent).toEqual(['c']);
    await line.answer((request) => request.store());
    await line.answer((request) => request.store());
    expect(line.stored).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('keeps nobody else waiting, and goes on after a message that is refused for good', async () => {
    const sends = send('a', 'b');
    await line.answer((request) => request.refuse(slow));
    void sender.send({ conversationId: 'other', clientMessageId: 'x', content: 'text' });
    expect(line.sent).toEqual(['x']);
    await line.answer((request) => request.store());
    await vi.advanceTimersByTimeAsync(1_000);
    const outcome = sends[0]?.catch((error: unknown) => error);
    await line.answer((request) => request.refuse(new ParleyError('forbidden', 'no')));
    expect(await outcome).toMatchObject({ code: 'forbidden' });
    expect(line.sent).toEqual(['b']);
  });

  it('sends nothing of what it was told to abandon', async () => {
    const sends = send('a', 'b').map((sent) => sent.catch((error: unknown) => error));
    await line.answer((request) => request.refuse(slow));
    sender.abandon();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(line.sent).toEqual([]);
    expect(await Promise.all(sends)).toMatchObject([{ code: 'closed' }, { code: 'closed' }]);
  });
});
