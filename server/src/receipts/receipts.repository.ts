import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { MessageRow } from '../timeline/index.js';

/** What has become of a message for one member. */
export interface RecipientRow {
  readonly userId: string;
  readonly isDelivered: boolean;
  /** As others may know it. */
  readonly isRead: boolean;
  readonly deliveredAt: Date | null;
  readonly readAt: Date | null;
}

/** One member's marks, as others may know them. */
export interface MarksRow {
  readonly userId: string;
  readonly lastDeliveredSeq: number;
  readonly sharedReadSeq: number;
  /** Of the last move. */
  readonly at: Date;
}

const firstMove = (kind: 'read' | 'delivered'): string =>
  `(SELECT r.at FROM receipt_moves r WHERE r.conversation_id = p.conversation_id AND r.user_id = p.user_id
      AND r.kind = '${kind}' AND r.seq >= $2 ORDER BY r.seq LIMIT 1)`;
const lastMove = (kind: 'read' | 'delivered'): string =>
  `(SELECT r.at FROM receipt_moves r WHERE r.conversation_id = p.conversation_id AND r.user_id = p.user_id
      AND r.kind = '${kind}' ORDER BY r.seq DESC LIMIT 1)`;

/** Marks as they stand, and the log of their moves. */
@Injectable()
export class ReceiptsRepository {
  /** The members a message was sent to, other than its sender: those who were there and can see it. In order of id. */
  recipients(
    tx: Tx,
    message: Pick<MessageRow, 'conversationId' | 'seq' | 'senderId' | 'createdAt'>,
    page: { limit: number; after: string | null },
  ): Promise<RecipientRow[]> {
    return tx.query(
      `SELECT p.user_id AS "userId", p.last_delivered_seq >= $2 AS "isDelivered", p.shared_read_seq >= $2 AS "isRead",
              ${firstMove('delivered')} AS "deliveredAt", ${firstMove('read')} AS "readAt"
       FROM participants p
       WHERE p.conversation_id = $1 AND p.left_at IS NULL AND p.user_id <> $3
         AND p.visible_from_seq <= $2 AND p.joined_at <= $4 AND ($6::uuid IS NULL OR p.user_id > $6)
       ORDER BY p.user_id LIMIT $5`,
      [message.conversationId, message.seq, message.senderId, message.createdAt, page.limit, page.after],
    );
  }

  /** The marks of a conversation's members, the first of them by id. */
  marks(tx: Tx, conversationId: string, limit: number): Promise<MarksRow[]> {
    return tx.query(
      `SELECT p.user_id AS "userId", p.last_delivered_seq AS "lastDeliveredSeq", p.shared_read_seq AS "sharedReadSeq",
              coalesce(greatest(${lastMove('delivered')}, ${lastMove('read')}), p.joined_at) AS at
       FROM participants p WHERE p.conversation_id = $1 AND p.left_at IS NULL ORDER BY p.user_id LIMIT $2`,
      [conversationId, limit],
    );
  }
}
