import { useSyncExternalStore } from 'react';
import { parley } from './parley.js';

/** Who stops without saying so has stopped after this long, in ms. */
const FORGET_AFTER = 8_000;
const NOBODY: readonly string[] = [];

const typing = new Map<string, ReadonlyMap<string, ReturnType<typeof setTimeout>>>();
let shown = new Map<string, readonly string[]>();
const listeners = new Set<() => void>();

function change(conversationId: string, userId: string, timer: ReturnType<typeof setTimeout> | null): void {
  const people = new Map(typing.get(conversationId));
  clearTimeout(people.get(userId));
  if (timer) people.set(userId, timer);
  else people.delete(userId);
  typing.set(conversationId, people);
  shown = new Map(shown).set(conversationId, [...people.keys()]);
  for (const listener of listeners) listener();
}

parley.on('typing', ({ conversationId, userId, isTyping }) => {
  const timer = isTyping ? setTimeout(() => change(conversationId, userId, null), FORGET_AFTER) : null;
  change(conversationId, userId, timer);
});
function stop(conversationId: string, userId: string): void {
  if (typing.get(conversationId)?.has(userId)) change(conversationId, userId, null);
}
// Whoever has written has stopped typing, and so has whoever is gone, also where others have seen to that.
parley.on('new_message', ({ conversationId, senderId }) => stop(conversationId, senderId));
parley.on('participant_left', ({ conversationId, userId }) => stop(conversationId, userId));

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Who is typing in a conversation, by id; it is told only of those on screen. */
export const useTypists = (conversationId: string): readonly string[] =>
  useSyncExternalStore(subscribe, () => shown.get(conversationId) ?? NOBODY);
