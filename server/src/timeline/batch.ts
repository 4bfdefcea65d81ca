import type { Message, MessageType, Metadata } from '@parley/protocol';

/** A message before it has a position. `id` is made by the server and makes even a nameless message repeatable. */
export interface Draft {
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string;
  readonly clientMessageId: string | null;
  readonly messageType: MessageType;
  readonly content: string;
  readonly metadata: Metadata | null;
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

/** The message a draft has become. */
export const fromDraft = (draft: Draft, at: { seq: number; rev: number; createdAt: string }): Message => ({
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
  replyTo: null,
  reactions: [],
  mentions: [],
  isEdited: false,
  editedAt: null,
  deletedAt: null,
  createdAt: at.createdAt,
});
