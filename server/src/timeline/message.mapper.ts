import type { Message, Quote } from '@parley/protocol';
import type { MessageEntity } from './message.entity.js';

/** The columns a message is shown from; `isHidden` where a reader has deleted it for themselves. */
export type MessageRow = Omit<MessageEntity, 'tenantId' | 'isChanged'> & { readonly isHidden?: boolean };

/**
 * A stored message as clients see it. One that is due to disappear is shown as gone whether or not the sweeper has been
 * there, exactly as the sweeper will leave it but for its `rev`.
 */
export function toMessage(row: MessageRow, quote: Quote | null, now: Date): Message {
  const isDue = row.expiresAt !== null && row.expiresAt <= now;
  const deletedAt = row.deletedAt ?? (isDue ? row.expiresAt : null);
  const isGone = deletedAt !== null || row.isHidden === true;
  return {
    id: row.id,
    conversationId: row.conversationId,
    seq: row.seq,
    rev: row.rev,
    senderId: row.senderId,
    clientMessageId: row.clientMessageId,
    messageType: row.messageType,
    content: isGone ? null : row.content,
    metadata: isGone ? {} : (row.metadata ?? {}),
    attachments: [],
    replyTo: isGone ? null : quote,
    reactions: isGone ? [] : (row.reactions ?? []),
    mentions: isGone ? [] : (row.mentions ?? []),
    isEdited: row.editedAt !== null,
    editedAt: row.editedAt?.toISOString() ?? null,
    deletedAt: deletedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    ...(!isGone && factsOf(row)),
    ...(row.isHidden && { isHidden: true as const }),
  };
}

/** What few messages have. */
function factsOf(row: MessageRow): Partial<Message> {
  return {
    ...(row.threadSeq !== null && { threadSeq: row.threadSeq }),
    ...(row.forwardedFrom && { forwardedFrom: row.forwardedFrom }),
    ...(row.poll && { poll: row.poll }),
    ...(row.pinnedBy && row.pinnedAt && { pinned: { by: row.pinnedBy, at: row.pinnedAt.toISOString() } }),
    ...(row.expiresAt && { expiresAt: row.expiresAt.toISOString() }),
  };
}
