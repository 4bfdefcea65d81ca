import 'fake-indexeddb/auto';
import type { Conversation, Message, Profile } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beLikeABrowser, closeTab } from '../../../e2e/tabs.js';
import { begin, type ConversationState } from '../store/conversation.js';
import { inboxAt } from '../store/progress.js';
import { emptyState, type StoreState } from '../store/state.js';
import { keptOf, type StoreCache } from './cache.js';
import { indexedDbCache } from './indexed-db.js';
import { Keeper } from './keeper.js';

const profile = { id: 'me' } as unknown as Profile;
const conversation = (id: string, ...seqs: number[]): ConversationState => ({
  ...begin({ id, lastMessage: null, rev: 1, lastSeq: seqs.at(-1) ?? 0, me: { rev: 1 } } as unknown as Conversation),
  messages: seqs.map((seq) => ({ seq }) as unknown as Message),
});
const stateOf = (rev: number, ...held: ConversationState[]): StoreState => ({
  ...emptyState('me'),
  profile,
  isLoaded: true,
  inbox: inboxAt(rev),
  gone: new Map([['over', 1]]),
  conversations: new Map(held.map((it) => [it.conversation.id, it])),
});

let count = 0;
let name: string;
beforeEach(() => {
  beLikeABrowser();
  name = `cache ${(count += 1)}`;
});
afterEach(() => vi.unstubAllGlobals());

/** A tab with a store that the test plays. */
function tab(cache: StoreCache = indexedDbCache(name)) {
  const timers: (() => void)[] = [];
  let state = emptyState('');
  const schedule = (work: () => void) => {
    timers.push(work);
    return () => void timers.splice(timers.indexOf(work), 1);
  };
  const keeper = new Keeper({ cache, getState: () => state, schedule });
  const show = (next: StoreState) => {
    state = next;
    keeper.changed();
  };
  return { keeper, show, timers };
}
/** Resolves once the tab may write. */
const mayWrite = ({ timers }: ReturnType<typeof tab>) => vi.waitFor(() => expect(timers).toHaveLength(1));
const keptNow = async () => {
  const kept = await indexedDbCache(name).load();
  return kept && { rev: kept.person.inbox.rev, ids: kept.conversations.map((it) => it.conversation.id) };
};

describe('what is kept of a conversation', () => {
  it('is the newest messages before which none is missing, and a hundred at most', () => {
    const seqsOf = (...seqs: number[]) => keptOf(conversation('a', ...seqs)).messages.map(({ seq }) => seq);
    const many = Array.from({ length: 130 }, (_, index) => index + 1);
    expect(seqsOf(1, 2, 3, 7, 8, 9)).toEqual([7, 8, 9]);
    expect(seqsOf(...many)).toEqual(many.slice(30));
    expect(seqsOf()).toEqual([]);
  });

  it('says nothing of who has it on screen', () => {
    expect(keptOf({ ...conversation('a', 1), receipts: new Map() }).receipts).toBeNull();
  });
});

describe('a tab', () => {
  it('keeps what has changed at most once a second, and drops what is gone', async () => {
    const one = tab();
    one.show(stateOf(1, conversation('a', 1), conversation('b', 1)));
    one.keeper.start();
    await mayWrite(one);
    one.show(stateOf(2, conversation('a', 1), conversation('c', 1)));
    one.show(stateOf(3, conversation('b', 1), conversation('c', 1)));
    expect(one.timers).toHaveLength(1);
    expect(await keptNow()).toBeNull();
    one.timers.splice(0)[0]?.();
    await one.keeper.flush();
    expect(await keptNow()).toEqual({ rev: 3, ids: ['b', 'c'] });
    expect((await indexedDbCache(name).load())?.person.gone).toEqual(new Map([['over', 1]]));
  });

  it('writes again only the conversations that have changed', async () => {
    const cache = indexedDbCache(name);
    const save = vi.fn<StoreCache['save']>((changes) => cache.save(changes));
    const one = tab({ ...cache, save });
    const [a, b] = [conversation('a', 1), conversation('b', 1)];
    one.show(stateOf(1, a, b));
    one.keeper.start();
    await mayWrite(one);
    await one.keeper.flush();
    one.show(stateOf(2, a, { ...b }));
    await one.keeper.flush();
    await one.keeper.flush();
    expect(save.mock.calls.map(([{ changed }]) => changed.length)).toEqual([2, 1]);
  });

  it('keeps nothing while another does, and everything it has once that one is closed', async () => {
    const [one, two] = [tab(), tab()];
    one.show(stateOf(1, conversation('a', 1)));
    one.keeper.start();
    await mayWrite(one);
    await one.keeper.flush();
    two.keeper.start();
    two.show(stateOf(2, conversation('b', 1)));
    await two.keeper.flush();
    expect(await keptNow()).toEqual({ rev: 1, ids: ['a'] });
    await closeTab(name);
    await mayWrite(two);
    one.show(stateOf(3, conversation('a', 1)));
    await Promise.all([one.keeper.flush(), two.keeper.flush()]);
    expect(await keptNow()).toEqual({ rev: 2, ids: ['b'] });
  });

  it('keeps nothing any more when another has forgotten everything', async () => {
    const [one, two] = [tab(), tab()];
    one.show(stateOf(1, conversation('a', 1)));
    one.keeper.start();
    await mayWrite(one);
    await one.keeper.flush();
    await two.keeper.forget();
    one.show(stateOf(2, conversation('a', 1)));
    await one.keeper.flush();
    expect(await keptNow()).toBeNull();
  });

  it('keeps nothing in a browser that cannot say whether it is alone', async () => {
    vi.stubGlobal('navigator', {});
    const one = tab();
    one.show(stateOf(1, conversation('a', 1)));
    one.keeper.start();
    await one.keeper.flush();
    expect(await keptNow()).toBeNull();
  });

  it('gives up a cache that is full, and what was kept before stays whole', async () => {
    const one = tab();
    one.show(stateOf(1, conversation('a', 1)));
    one.keeper.start();
    await mayWrite(one);
    await one.keeper.flush();
    // What cannot be cloned fails as what does not fit does: in the middle of writing.
    const broken = { ...conversation('c', 1), messages: [{ seq: 1, content: () => undefined } as unknown as Message] };
    one.show(stateOf(2, conversation('b', 1), broken));
    await one.keeper.flush();
    one.show(stateOf(3, conversation('b', 1)));
    await one.keeper.flush();
    expect(await keptNow()).toEqual({ rev: 1, ids: ['a'] });
  });

  it('keeps what there is when the page is left', async () => {
    const page = new EventTarget();
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    const one = tab();
    one.show(stateOf(1, conversation('a', 1)));
    one.keeper.start();
    await mayWrite(one);
    page.dispatchEvent(new Event('pagehide'));
    await vi.waitFor(async () => expect(await keptNow()).toEqual({ rev: 1, ids: ['a'] }));
  });
});

describe('a cache in IndexedDB', () => {
  const openedAt = (version: number) =>
    new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => request.result.createObjectStore(`made by ${version}`);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
      request.onerror = () => reject(new Error('not opened'));
    });

  it('of a later version is dropped, and works anew', async () => {
    await openedAt(99);
    await expect(indexedDbCache(name).load()).rejects.toMatchObject({ name: 'VersionError' });
    const { inbox, gone } = stateOf(1);
    await indexedDbCache(name).save({ person: { profile, inbox, gone }, changed: [], ids: new Set() });
    expect(await keptNow()).toEqual({ rev: 1, ids: [] });
  });
});
