import { Injectable } from '@nestjs/common';
import type { Message, SystemMetadata } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import type { MessageEntity } from './message.entity.js';
import { toMessage } from './message.mapper.js';

const COLUMNS = `m.conversation_id AS "conversationId", m.seq, m.rev, m.id, m.sender_id AS "senderId",
  m.client_message_id AS "clientMessageId", m.message_type AS "messageType", m.content, m.metadata,
  m.created_at AS "createdAt", m.edited_at AS "editedAt", m.deleted_at AS "deletedAt"`;

/** The messages of conversations: read by position, written one by one for what the server itself has to say. */
@Injectable()
export class TimelineRepository {
  /** Messages `from` to `to`, both included, ascending. Positions have no holes, so a page costs the same at any depth. */
  async range(tx: Tx, conversationId: string, from: number, to: number): Promise<Message[]> {
    const rows = await tx.query<MessageEntity>(
      `SELECT ${COLUMNS} FROM messages m WHERE m.conversation_id = $1 AND m.seq BETWEEN $2 AND $3 ORDER BY m.seq`,
      [conversationId, from, to],
    );
    return rows.map(toMessage);
  }

  /** One message of each conversation, by position. */
  async at(tx: Tx, positions: readonly { conversationId: string; seq: number }[]): Promise<Message[]> {
    if (positions.length === 0) return [];
    const rows = await tx.query<MessageEntity>(
      `SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::bigint[]) AS at (conversation_id, seq)
       JOIN messages m ON m.conversation_id = at.conversation_id AND m.seq = at.seq`,
      [positions.map((at) => at.conversationId), positions.map((at) => at.seq)],
    );
    return rows.map(toMessage);
  }

  async seqOf(tx: Tx, conversationId: string, messageId: string): Promise<number | null> {
    const row = await tx.one<{ seq: number }>('SELECT seq FROM messages WHERE conversation_id = $1 AND id = $2', [
      conversationId,
      messageId,
    ]);
    return row?.seq ?? null;
  }

  /** How much each seat has left to read: after the mark, not one's own, not deleted. `move_read_marks` counts the same. */
  async countUnread(
    tx: Tx,
    seats: readonly { conversationId: string; userId: string; lastReadSeq: number }[],
  ): Promise<number[]> {
    if (seats.length === 0) return [];
    const rows = await tx.query<{ unread: number }>(
      `SELECT (SELECT count(*)::int FROM messages m
               WHERE m.conversation_id = seat.conversation_id AND m.seq > seat.last_read_seq
                 AND m.sender_id <> seat.user_id AND m.deleted_at IS NULL) AS unread
       FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) WITH ORDINALITY
         AS seat (conversation_id, user_id, last_read_seq, place)
       ORDER BY seat.place`,
      [
        seats.map((seat) => seat.conversationId),
        seats.map((seat) => seat.userId),
        seats.map((seat) => seat.lastReadSeq),
      ],
    );
    return rows.map((row) => row.unread);
  }

  /** Adds what the server itself says of a conversation; the caller holds the conversation's lock. */
  async appendSystem(
    tx: Tx,
    message: { conversationId: string; actorId: string; metadata: SystemMetadata; at: Date },
  ): Promise<Message> {
    const { conversationId, actorId, metadata, at } = message;
    const rows = await tx.query<MessageEntity>(
      `WITH moved AS (
         UPDATE conversations SET last_seq = last_seq + 1, rev = rev + 1, last_activity_at = $5
         WHERE id = $1 RETURNING tenant_id, last_seq, rev
       )
       INSERT INTO messages AS m (tenant_id, conversation_id, seq, rev, id, sender_id, message_type, metadata, created_at)
       SELECT moved.tenant_id, $1, moved.last_seq, moved.rev, $2, $3, 'system', $4, $5 FROM moved
       RETURNING ${COLUMNS}`,
      [conversationId, newId(), actorId, JSON.stringify(metadata), at],
    );
    const [row] = rows;
    if (!row) throw new Error(`No conversation ${conversationId} to write into`);
    return toMessage(row);
  }
}
