import type { User } from '@parley/sdk';
import { useEffect, useSyncExternalStore } from 'react';
import { parley } from './parley.js';

/** Everybody this page has met, by id. The store knows who wrote a message, and this how they are called. */
const known = new Map<string, User>();
const asked = new Set<string>();
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The most members of a conversation that are read at once; whoever else writes is asked for one by one. */
const MEMBERS_AT_ONCE = 100;

/** Remembers people as the server has just told of them. */
function meet(people: readonly User[]): void {
  if (people.length === 0) return;
  for (const person of people) known.set(person.id, person);
  for (const listener of listeners) listener();
}

/** Reads who is in a conversation, so that most of those who write there are known; says how many it has met. */
export async function meetMembers(conversationId: string): Promise<number> {
  const { items } = await parley.conversations.participants(conversationId, { limit: MEMBERS_AT_ONCE });
  meet(items.map(({ user }) => user));
  return items.length;
}

/** How many parts of the page show each person. */
const shown = new Map<string, number>();

/** Asks for somebody who is to be shown; called back when they are shown no more. */
function show(id: string): () => void {
  shown.set(id, (shown.get(id) ?? 0) + 1);
  ask(id);
  return () => {
    const left = (shown.get(id) ?? 1) - 1;
    if (left > 0) shown.set(id, left);
    else shown.delete(id);
  };
}
// Who could not be asked for while the server was away.
parley.on('state', ({ state }) => void (state === 'connected' && [...shown.keys()].forEach(ask)));

function ask(id: string): void {
  if (id === '' || known.has(id) || asked.has(id)) return;
  asked.add(id);
  parley.users
    .get(id)
    .then((user) => meet([user]))
    .catch(() => undefined)
    .finally(() => asked.delete(id));
}

/** Somebody by id; undefined until they are known. */
export function usePerson(id: string): User | undefined {
  const person = useSyncExternalStore(subscribe, () => known.get(id));
  useEffect(() => show(id), [id]);
  return person;
}

/** How somebody is called; empty until they are known. */
export const usePersonName = (id: string): string => usePerson(id)?.displayName ?? '';
