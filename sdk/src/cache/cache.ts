import type { Profile } from '@parley/protocol';
import type { ConversationState } from '../store/conversation.js';
import type { StoreState } from '../store/state.js';

/** What is kept of a store beside its conversations. */
export interface KeptPerson extends Pick<StoreState, 'inbox' | 'gone'> {
  readonly profile: Profile;
}

/** What is kept of a store, all of one moment. */
export interface Kept {
  readonly person: KeptPerson;
  readonly conversations: readonly ConversationState[];
}

/** How a store has changed since it was kept last: what is not `changed` is kept already. */
export interface KeptChanges {
  readonly person: KeptPerson;
  readonly changed: readonly ConversationState[];
  /** All conversations there are; any other is not kept any longer. */
  readonly ids: ReadonlySet<string>;
}

/**
 * Where a store is kept, so that the next one shows at once what this one has shown.
 * @example
 * new Parley({ url, cache: indexedDbCache() });
 */
export interface StoreCache {
  load(): Promise<Kept | null>;
  /** Does this while nobody else may `save`, for as long as it takes; not at all where that cannot be made sure. */
  hold(work: () => Promise<void>): Promise<void>;
  /** Keeps all of these changes or none: cursors must not come apart from what they stand for. */
  save(changes: KeptChanges): Promise<void>;
  /** Keeps nothing any more, and ends whatever `hold` is doing, wherever that is. */
  clear(): Promise<void>;
}

/** The most messages that are kept of one conversation: what fills a screen several times. */
const MOST = 100;

/** A conversation as it is kept: the newest messages before which none is missing, and nothing that is of the moment. */
export function keptOf(held: ConversationState): ConversationState {
  const { messages } = held;
  let from = messages.length;
  const isNext = () => from === messages.length || messages[from - 1]?.seq === (messages[from]?.seq ?? 0) - 1;
  while (from > 0 && messages.length - from < MOST && isNext()) from -= 1;
  return { ...held, messages: messages.slice(from), receipts: null };
}

/** What has to be kept of a state, given the one that was kept last; all of it where none is known to be. */
export function changesOf(state: StoreState, profile: Profile, before: StoreState | undefined): KeptChanges {
  const { inbox, gone, conversations } = state;
  return {
    person: { profile, inbox, gone },
    changed: [...conversations.values()]
      .filter((held) => before?.conversations.get(held.conversation.id) !== held)
      .map(keptOf),
    ids: new Set(conversations.keys()),
  };
}
