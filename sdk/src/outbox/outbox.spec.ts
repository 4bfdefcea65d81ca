import type { Sent } from '@parley/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { StateChange } from '../connection.js';
import { Emitter } from '../emitter.js';
import { ParleyError } from '../errors.js';
import type { Outgoing } from '../sender.js';
import type { OutboxAction } from '../store/outbox.js';
import { reduce } from '../store/reduce.js';
import { emptyState } from '../store/state.js';
import { Outbox } from './outbox.js';
import { memoryOutbox, type OutboxStorage } from './storage.js';

/** The outbox of one page, over a storage that outlives it; `answer` says what becomes of what it sends. */
function page(storage: OutboxStorage, answer: (message: Outgoing) => Promise<Sent>) {
  const sent: string[] = [];
  const connection = new Emitter<{ state: StateChange }>();
  let state = emptyState('me');
  const dispatch = (action: OutboxAction) => {
    state = reduce(state, action);
  };
  const send = (message: Outgoing) => {
    sent.push(message.clientMessageId);
    return answer(message);
  };
  const outbox = new Outbox({ storage, connection: connection as never, send, dispatch });
  return { outbox, sent, connection, shown: () => state.outbox.map(({ message, state }) => [message.content, state]) };
}

const text = (content: string): Outgoing => ({ conversationId: 'chat', clientMessageId: `id of ${content}`, content });
const never = () => new Promise<Sent>(() => undefined);
const refused = () => Promise.reject(new ParleyError('forbidden', 'You may not'));
const stored = ({ clientMessageId }: Outgoing) =>
  Promise.resolve({ id: clientMessageId, clientMessageId, seq: 1, rev: 1, createdAt: '' });

describe('an outbox', () => {
  it('sends after a reload what was left, in its order and under the same ids, before what is new', async () => {
    const storage = memoryOutbox();
    const before = page(storage, never);
    await before.outbox.start('me');
    for (const content of ['one', 'two', 'three']) before.outbox.add(text(content));
    await vi.waitFor(() => expect(before.sent).toHaveLength(3));
    await before.outbox.saved();

    const after = page(storage, never);
    after.outbox.add(text('four'));
    await after.outbox.start('me');
    await vi.waitFor(() => expect(after.sent).toEqual(['one', 'two', 'three', 'four'].map((it) => `id of ${it}`)));
    expect(after.shown()).toEqual(['one', 'two', 'three', 'four'].map((content) => [content, 'sending']));
  });

  it('forgets what the server has', async () => {
    const storage = memoryOutbox();
    const { outbox, shown } = page(storage, stored);
    await outbox.start('me');
    outbox.add(text('one'));
    await vi.waitFor(() => expect(shown()).toEqual([]));
    await outbox.saved();
    expect(await storage.load()).toEqual([]);
  });

  it('keeps what was refused across a reload, and does not send it by itself', async () => {
    const storage = memoryOutbox();
    const before = page(storage, refused);
    await before.outbox.start('me');
    before.outbox.add(text('one'));
    await vi.waitFor(() => expect(before.shown()).toEqual([['one', 'failed']]));
    await before.outbox.saved();

    const after = page(storage, stored);
    await after.outbox.start('me');
    expect(after.shown()).toEqual([['one', 'failed']]);
    expect(after.sent).toEqual([]);
    after.outbox.retry(text('one'));
    expect(after.sent).toEqual(['id of one']);
    await vi.waitFor(() => expect(after.shown()).toEqual([]));
  });

  it('gives up what was refused when it is told to', async () => {
    const storage = memoryOutbox();
    const { outbox, shown } = page(storage, refused);
    await outbox.start('me');
    outbox.add(text('one'));
    await vi.waitFor(() => expect(shown()).toEqual([['one', 'failed']]));
    outbox.discard(text('one'));
    expect(shown()).toEqual([]);
    await outbox.saved();
    expect(await storage.load()).toEqual([]);
  });

  it('gives up all that is left, of this person and of no other, and takes none of it back', async () => {
    const storage = memoryOutbox();
    const hers = page(storage, never);
    await hers.outbox.start('her');
    hers.outbox.add(text('hers'));
    const open: (() => void)[] = [];
    const later = () =>
      new Promise<Sent>((_, reject) => open.push(() => reject(new ParleyError('forbidden', 'You may not'))));
    const [mine, other] = [page(storage, later), page(storage, refused)];
    for (const { outbox } of [mine, other]) await outbox.start('me');
    mine.outbox.add(text('on its way'));
    other.outbox.add(text('refused in another tab'));
    await vi.waitFor(() => expect([open.length, other.shown()]).toEqual([1, [['refused in another tab', 'failed']]]));
    await other.outbox.saved();

    await mine.outbox.discardAll();
    for (const refuse of open) refuse();
    await mine.outbox.saved();
    expect(mine.shown()).toEqual([]);
    expect((await storage.load()).map(({ userId }) => userId)).toEqual(['her']);
  });

  it('sends again with the next connection what a lost sign-in has kept back', async () => {
    let isSignedIn = false;
    const answer = (message: Outgoing) =>
      isSignedIn ? stored(message) : Promise.reject(new ParleyError('session_ended', 'over'));
    const { outbox, sent, shown, connection } = page(memoryOutbox(), answer);
    await outbox.start('me');
    outbox.add(text('one'));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(shown()).toEqual([['one', 'sending']]);
    isSignedIn = true;
    connection.emit('state', { state: 'connected', reason: 'connected' });
    await vi.waitFor(() => expect(shown()).toEqual([]));
  });

  it('leaves to another person of the device what is theirs', async () => {
    const storage = memoryOutbox();
    const hers = page(storage, never);
    await hers.outbox.start('her');
    hers.outbox.add(text('hers'));
    await vi.waitFor(() => expect(hers.sent).toHaveLength(1));
    await hers.outbox.saved();
    const mine = page(storage, stored);
    await mine.outbox.start('me');
    expect(mine.sent).toEqual([]);
    expect(await storage.load()).toHaveLength(1);
  });
});
