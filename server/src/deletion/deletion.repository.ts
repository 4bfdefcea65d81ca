import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** How many rows one statement erases: each is a short transaction beside those of people who go on writing. */
const ROWS_AT_ONCE = 2_000;

/** Every table that holds what was said in conversations, or who may come into them. */
export const CONTENT_TABLES = [
  'messages',
  'message_versions',
  'reactions',
  'poll_votes',
  'mentions',
  'receipt_moves',
  'invites',
  'join_requests',
  'bans',
] as const;

@Injectable()
export class DeletionRepository {
  /** Takes every seat at once and closes the conversation; whoever calls holds its lock and the members' inboxes. */
  async close(
    tx: Tx,
    conversationId: string,
    members: readonly { readonly userId: string; readonly inboxRev: number }[],
    at: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE participants p SET left_at = $4, inbox_rev = member.rev
       FROM unnest($2::uuid[], $3::bigint[]) AS member (id, rev)
       WHERE p.conversation_id = $1 AND p.user_id = member.id`,
      [conversationId, members.map(({ userId }) => userId), members.map(({ inboxRev }) => inboxRev), at],
    );
    await tx.query('UPDATE conversations SET member_count = 0, deleted_at = $2, updated_at = $2 WHERE id = $1', [
      conversationId,
      at,
    ]);
  }

  /** Erases some rows of a table; says whether there may be more. */
  async eraseSome(tx: Tx, table: (typeof CONTENT_TABLES)[number], conversationId: string): Promise<boolean> {
    const rows = await tx.query(
      `DELETE FROM ${table} WHERE conversation_id = $1
         AND ctid = ANY (ARRAY (SELECT ctid FROM ${table} WHERE conversation_id = $1 LIMIT ${ROWS_AT_ONCE}))
       RETURNING 1`,
      [conversationId],
    );
    return rows.length === ROWS_AT_ONCE;
  }

  /** As `eraseSome`, for what members have hidden, which is found by them. */
  async eraseSomeHidden(tx: Tx, conversationId: string): Promise<boolean> {
    const rows = await tx.query(
      `DELETE FROM hidden_messages WHERE ctid = ANY (ARRAY (
         SELECT h.ctid FROM participants p
         JOIN hidden_messages h ON h.tenant_id = p.tenant_id AND h.user_id = p.user_id
           AND h.conversation_id = p.conversation_id
         WHERE p.conversation_id = $1 LIMIT ${ROWS_AT_ONCE}))
       RETURNING 1`,
      [conversationId],
    );
    return rows.length === ROWS_AT_ONCE;
  }

  /** What stays are ids and numbers, so that every device of everyone can learn that the conversation is gone. */
  async eraseWords(tx: Tx, conversationId: string): Promise<void> {
    await tx.query('UPDATE participants SET draft = NULL WHERE conversation_id = $1 AND draft IS NOT NULL', [
      conversationId,
    ]);
    await tx.query('UPDATE conversations SET name = NULL, description = NULL, avatar_url = NULL WHERE id = $1', [
      conversationId,
    ]);
  }
}
