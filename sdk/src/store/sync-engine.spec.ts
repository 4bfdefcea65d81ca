import type { Conversation, Message, SyncRequest, SyncResult } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../api/call.js';
import { ParleyError } from '../errors.js';
import { reduce, type StoreAction } from './reduce.js';
import { emptyState } from './state.js';
import { SyncEngine } from './sync-engine.js';

const NOTHING: SyncResult = {
  inboxRev: 1,
  conversations: [],
  removed: [],
  resync: [],
  hidden: [],
  messages: {},
  more: false,
};
const chat = {
  id: 'chat',
  lastSeq: 4,
  rev: 7,
  lastMessage: null,
  peerMarks: null,
  me: { rev: 1, visibleFromSeq: 1, lastReadSeq: 0, unreadCount: 0, mentionCount: 0 },
} as unknown as Conversation;

let answers: (SyncResult | ParleyError)[];
let asked: SyncRequest[];
let timers: { work: () => void; ms: number }[];
let state = emptyState('me');
let engine: SyncEngine;
beforeEach(() => {
  [answers, asked, timers, state] = [[{ ...NOTHING, conversations: [chat] }], [], [], emptyState('me')];
  const call = ({ body }: Parameters<Call>[0]) => {
    asked.push(body as SyncRequest);
    const answer = answers.shift() ?? NOTHING;
    return answer instanceof ParleyError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  engine = new SyncEngine({
    call: call as Call,
    getState: () => state,
    dispatch: (action) => void (state = reduce(state, action)),
    backoff: { first: 100, most: 100 },
    schedule: (work, ms) => {
      const timer = { work, ms };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
  });
});

const hear = (rev: number) => {
  const message = { conversationId: 'chat', seq: rev - 3, rev, senderId: 'ann', mentions: [] } as unknown as Message;
  const action: StoreAction = { type: 'new_message', payload: { ...message, replyTo: null } };
  state = reduce(state, action);
  engine.heardOf('chat');
};
const fire = () => {
  for (const { work } of timers.splice(0)) work();
};

describe('the engine of sync', () => {
  it('asks from where the store is, page by page', async () => {
    answers = [{ ...NOTHING, conversations: [chat], more: true }];
    await engine.sync();
    expect(asked).toEqual([{ conversations: {} }, { inboxRev: 1, conversations: { chat: { seq: 4, rev: 7 } } }]);
  });

  it('asks once more for what is wanted while it asks, however often', async () => {
    await Promise.all([engine.sync(), engine.sync(), engine.sync()]);
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it('lets a gap close by itself within a second', async () => {
    await engine.sync();
    hear(9);
    expect(timers.map(({ ms }) => ms)).toEqual([1_000]);
    hear(8);
    fire();
    expect(asked).toHaveLength(1);
  });

  it('asks after a gap that does not close', async () => {
    await engine.sync();
    hear(9);
    fire();
    await new Promise(setImmediate);
    expect(asked.slice(1)).toEqual([{ inboxRev: 1, conversations: { chat: { seq: 4, rev: 7 } } }]);
  });

  it('tries again after a failure that may pass', async () => {
    answers.unshift(new ParleyError('unavailable', 'later', { retryAfterMs: 300 }));
    const synced = engine.sync();
    await new Promise(setImmediate);
    expect(timers.map(({ ms }) => ms)).toEqual([300]);
    fire();
    await synced;
    expect(state.conversations.size).toBe(1);
  });

  it('begins anew when the server does not know its numbers', async () => {
    await engine.sync();
    answers = [new ParleyError('resync_required', 'afresh'), { ...NOTHING, conversations: [chat] }];
    await engine.sync();
    expect(asked.at(-1)).toEqual({ conversations: {} });
    expect(state.isLoaded).toBe(true);
  });

  it('has nothing to do with what was asked before it was stopped', async () => {
    const theirs = { ...NOTHING, conversations: [{ ...chat, id: 'theirs' }], more: true };
    answers = [theirs, { ...NOTHING, conversations: [chat] }];
    const before = engine.sync();
    engine.stop();
    const after = engine.sync();
    await expect(before).rejects.toMatchObject({ code: 'closed' });
    await after;
    expect([...state.conversations.keys()]).toEqual(['chat']);
  });

  it('gives up what cannot pass', async () => {
    answers.unshift(new ParleyError('unauthenticated', 'no'));
    await expect(engine.sync()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
