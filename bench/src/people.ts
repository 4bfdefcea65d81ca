/** People and conversations of a server under test, made over REST as any client would. */
import { randomUUID } from 'node:crypto';
import type { Conversation, CreateConversation, Message, MessagePage, Register, SignedIn } from '@parley/protocol';
import { MAX_LIMIT } from '@parley/protocol';
import { concurrently } from './concurrently.js';

export interface Person {
  readonly username: string;
  readonly password: string;
  readonly userId: string;
  readonly token: string;
}

export interface Couple {
  readonly conversationId: string;
  readonly sender: Person;
  readonly receiver: Person;
}

/** Hashing passwords takes both cores as it is. */
const AT_A_TIME = 8;

/** Calls a route and returns what it answers; throws unless that is a success. */
export async function call<T>(url: string, token: string | null, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

export async function registerPeople(url: string, count: number): Promise<Person[]> {
  const batch = randomUUID().slice(0, 8);
  return concurrently(Array.from({ length: count }), AT_A_TIME, async (_, number) => {
    const username = `bench-${batch}-${number}`;
    const password = randomUUID();
    const account: Register = {
      username,
      email: `${username}@example.org`,
      password,
      firstName: 'Bench',
      lastName: String(number),
    };
    const { user, accessToken } = await call<SignedIn>(`${url}/auth/register`, null, account);
    return { username, password, userId: user.id, token: accessToken };
  });
}

/** Registers two people for each couple and opens their conversation. */
export async function makeCouples(url: string, count: number): Promise<Couple[]> {
  const people = await registerPeople(url, 2 * count);
  return concurrently(Array.from({ length: count }), AT_A_TIME, async (_, number) => {
    const [sender, receiver] = people.slice(2 * number);
    if (!sender || !receiver) throw new Error('Everybody needs a partner.');
    const direct: CreateConversation = { type: 'direct', participantIds: [receiver.userId] };
    const { id } = await call<Conversation>(`${url}/conversations`, sender.token, direct);
    return { conversationId: id, sender, receiver };
  });
}

/** The position of the newest message of each couple, as the receiver sees it. */
export async function lastSeqs(url: string, couples: readonly Couple[]): Promise<number[]> {
  return concurrently(couples, AT_A_TIME, async ({ conversationId, receiver }) => {
    const { lastSeq } = await call<Conversation>(`${url}/conversations/${conversationId}`, receiver.token);
    return lastSeq;
  });
}

/** Everything after a position, read page by page. */
export async function historyAfter(url: string, couple: Couple, seq: number): Promise<Message[]> {
  const messages: Message[] = [];
  for (let after = seq; ; after = messages.at(-1)?.seq ?? after) {
    const path = `messages/${couple.conversationId}?after=${after}&limit=${MAX_LIMIT}`;
    const { items, hasMoreAfter } = await call<MessagePage>(`${url}/${path}`, couple.receiver.token);
    messages.push(...items);
    if (!hasMoreAfter || items.length === 0) return messages;
  }
}
