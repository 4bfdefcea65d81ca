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

/** Reads who is in a conversation, so that most of those who write there are known. */
export async function meetMembers(conversationId: string): Promise<void> {
  const { items } = await parley.conversations.participants(conversationId, { limit: MEMBERS_AT_ONCE });
  meet(items.map(({ user }) => user));
}

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
  useEffect(() => ask(id), [id]);
  return person;
}

/** How somebody is called; empty until they are known. */
export const usePersonName = (id: string): string => usePerson(id)?.displayName ?? '';
