import type { Message } from '@parley/protocol';
import type { ConversationState } from './conversation.js';
import type { OutboxEntry, StoreState } from './state.js';
import { placeOf } from './timeline.js';

/** A stretch of messages without a hole, and whether there is more to be loaded on either side. */
export interface Stretch {
  readonly messages: readonly Message[];
  readonly hasMoreBefore: boolean;
  readonly hasMoreAfter: boolean;
}

/**
 * What is loaded around a position without a hole; around the end unless one is given.
 * @example
 * const { messages, hasMoreBefore } = stretchOf(conversation);
 * if (hasMoreBefore) await store.loadBefore(conversation.conversation.id);
 */
export function stretchOf({ conversation, messages }: ConversationState, around = conversation.lastSeq): Stretch {
  let from = placeOf(messages, around);
  let to = messages[from]?.seq === around ? from + 1 : from;
  if (to > from) {
    while (messages[from - 1]?.seq === (messages[from]?.seq ?? 0) - 1) from -= 1;
    while (messages[to]?.seq === (messages[to - 1]?.seq ?? 0) + 1) to += 1;
  }
  const stretch = messages.slice(from, to);
  const first = stretch[0]?.seq ?? around;
  const last = stretch.at(-1)?.seq ?? around - 1;
  return {
    messages: stretch,
    hasMoreBefore: first > conversation.me.visibleFromSeq,
    // Where nothing is to be read yet there is nothing to load either.
    hasMoreAfter: last < conversation.lastSeq && conversation.lastSeq >= conversation.me.visibleFromSeq,
  };
}

/**
 * All conversations, most recent activity first, as the server lists them.
 * @example
 * const list = conversationsByActivity(parley.store.getState());
 */
export function conversationsByActivity({ conversations }: StoreState): ConversationState[] {
  return [...conversations.values()].sort((a, b) => {
    const [first, second] = [activityOf(a), activityOf(b)];
    if (first !== second) return first < second ? 1 : -1;
    return a.conversation.id < b.conversation.id ? 1 : -1;
  });
}

const activityOf = ({ conversation }: ConversationState): string =>
  conversation.lastMessage?.createdAt ?? conversation.createdAt;

/**
 * What somebody has sent into a conversation that is not among its messages yet, in the order of sending.
 * @example
 * for (const { message, state } of outboxOf(parley.store.getState(), chat)) console.log(message.content, state);
 */
export const outboxOf = ({ outbox }: StoreState, conversationId: string): OutboxEntry[] =>
  outbox.filter(({ message }) => message.conversationId === conversationId);
