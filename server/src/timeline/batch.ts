import type { ForwardOrigin, Mention, Message, MessageType, Metadata, PollState, Quote } from '@parley/protocol';
import { bareQuote } from './quotes.js';

/** What few messages have, and the others do without. */
export interface Facts {
  /** Position of the message that this one answers. */
  readonly replyToSeq?: number;
  /** Position of the message that began the thread. */
  readonly threadSeq?: number;
  readonly mentions?: readonly Mention[];
  readonly forwardedFrom?: ForwardOrigin;
  readonly poll?: PollState;
}

/** A message before it has a position. `id` is made by the server and makes even a nameless message repeatable. */
export interface Draft {
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string;
  readonly clientMessageId: string | null;
  readonly messageType: MessageType;
  readonly content: string | null;
  readonly metadata: Metadata | null;
  readonly facts: Facts | null;
}

/** Drafts grouped by conversation, conversations ascending: what the writing function takes, column by column. */
export interface Batch<T extends Draft> {
  readonly drafts: readonly T[];
  readonly conversationIds: readonly string[];
  readonly counts: readonly number[];
  /** For each draft, the index of its conversation, from 1. */
  readonly groups: readonly number[];
  /** For each draft, its place among those of its conversation, from 1. */
  readonly places: readonly number[];
}

/** Groups drafts; those of one conversation keep the order in which they came. */
export function toBatch<T extends Draft>(drafts: readonly T[]): Batch<T> {
  const byConversation = new Map<string, T[]>();
  for (const draft of drafts) {
    const group = byConversation.get(draft.conversationId);
    if (group) group.push(draft);
    else byConversation.set(draft.conversationId, [draft]);
  }
  const conversationIds = [...byConversation.keys()].sort();
  const grouped: T[] = [];
  const counts: number[] = [];
  const groups: number[] = [];
  const places: number[] = [];
  for (const [index, id] of conversationIds.entries()) {
    const members = byConversation.get(id) ?? [];
    counts.push(members.length);
    for (const [place, draft] of members.entries()) {
      grouped.push(draft);
      groups.push(index + 1);
      places.push(place + 1);
    }
  }
  return { drafts: grouped, conversationIds, counts, groups, places };
}

/** Where a draft has come to stand. */
export interface Position {
  readonly seq: number;
  readonly rev: number;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

/** The message a draft has become; `quote` is what it answers, as that is now. */
export function fromDraft(draft: Draft, at: Position, quote: Quote | null): Message {
  const { facts } = draft;
  const message: Message = {
    id: draft.id,
    conversationId: draft.conversationId,
    seq: at.seq,
    rev: at.rev,
    senderId: draft.senderId,
    clientMessageId: draft.clientMessageId,
    messageType: draft.messageType,
    content: draft.content,
    metadata: draft.metadata ?? {},
    attachments: [],
    replyTo: quote,
    reactions: [],
    mentions: facts?.mentions ? [...facts.mentions] : [],
    isEdited: false,
    editedAt: null,
    deletedAt: null,
    createdAt: at.createdAt,
  };
  // Most messages have none of these: an object of one shape is what makes the usual case quick.
  if (facts?.threadSeq !== undefined) message.threadSeq = facts.threadSeq;
  if (facts?.forwardedFrom) message.forwardedFrom = facts.forwardedFrom;
  if (facts?.poll) message.poll = facts.poll;
  if (at.expiresAt !== null) message.expiresAt = at.expiresAt;
  return message;
}

/** The message as it can be shown to who reads from `visibleFrom` on. */
export const asSeenFrom = (message: Message, visibleFrom: number): Message =>
  message.replyTo && message.replyTo.seq < visibleFrom ? { ...message, replyTo: bareQuote(message.replyTo) } : message;
