import type { Message } from '@parley/protocol';
import type { MessageEntity } from './message.entity.js';

/** A stored message as clients see it. */
export const toMessage = (row: Omit<MessageEntity, 'tenantId'>): Message => ({
  id: row.id,
  conversationId: row.conversationId,
  seq: row.seq,
  rev: row.rev,
  senderId: row.senderId,
  clientMessageId: row.clientMessageId,
  messageType: row.messageType,
  content: row.content,
  metadata: row.metadata ?? {},
  attachments: [],
  replyTo: null,
  reactions: [],
  mentions: [],
  isEdited: row.editedAt !== null,
  editedAt: row.editedAt?.toISOString() ?? null,
  deletedAt: row.deletedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
