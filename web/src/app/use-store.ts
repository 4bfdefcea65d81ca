import type { ConversationState, StoreState } from '@parley/sdk';
import { useSyncExternalStore } from 'react';
import { parley } from './parley.js';

/**
 * A part of the store, again whenever it changes. `select` must give the same object as long as nothing has changed in
 * it: the store never changes an object, so picking one is enough.
 */
export const useStore = <T>(select: (state: StoreState) => T): T =>
  useSyncExternalStore(parley.store.subscribe, () => select(parley.store.getState()));

/** One conversation, or undefined where the reader has no part in it. */
export const useConversation = (id: string): ConversationState | undefined =>
  useStore(({ conversations }) => conversations.get(id));

/** The id of who is signed in. */
export const useUserId = (): string => useStore(({ userId }) => userId);
