import { Injectable } from '@nestjs/common';
import type { Role } from '@parley/protocol';
import type { ConversationEntity } from '../conversations/index.js';
import type { Tx } from '../platform/database/tx.js';

/** Writes who has a seat in a conversation, and as what. Whoever calls holds the conversation's lock and the inboxes. */
@Injectable()
export class ParticipantsRepository {
  /**
   * Gives people a seat, or their old one back; what they have read ends where the conversation does now, and what they
   * can read begins there too unless newcomers see everything.
   */
  async seat(
    tx: Tx,
    conversation: ConversationEntity,
    newcomers: readonly { readonly userId: string; readonly inboxRev: number }[],
    as: { readonly role: Role; readonly mayPost: boolean; readonly visibleFromSeq: number; readonly at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO participants (tenant_id, conversation_id, user_id, role, joined_at, last_read_seq,
                                 last_delivered_seq, shared_read_seq, may_post, visible_from_seq, inbox_rev)
       SELECT $1, $2, newcomer.id, $5, $6, c.last_seq, c.last_seq, c.last_seq, $7, $8, newcomer.rev
       FROM unnest($3::uuid[], $4::bigint[]) AS newcomer (id, rev), conversations c WHERE c.id = $2
       ON CONFLICT (conversation_id, user_id) DO UPDATE
       SET left_at = NULL, role = excluded.role, joined_at = excluded.joined_at,
           last_read_seq = excluded.last_read_seq, last_delivered_seq = excluded.last_delivered_seq,
           shared_read_seq = excluded.shared_read_seq, may_post = excluded.may_post,
           visible_from_seq = excluded.visible_from_seq, inbox_rev = excluded.inbox_rev,
           is_marked_unread = false, draft = NULL`,
      [
        conversation.tenantId,
        conversation.id,
        newcomers.map(({ userId }) => userId),
        newcomers.map(({ inboxRev }) => inboxRev),
        as.role,
        as.at,
        as.mayPost,
        as.visibleFromSeq,
      ],
    );
    await tx.query(
      'UPDATE conversations SET newest_visible_from = greatest(newest_visible_from, $2) WHERE id = $1 AND newest_visible_from < $2',
      [conversation.id, as.visibleFromSeq],
    );
  }

  async unseat(tx: Tx, conversationId: string, userId: string, change: { at: Date; inboxRev: number }): Promise<void> {
    await tx.query('UPDATE participants SET left_at = $3, inbox_rev = $4 WHERE conversation_id = $1 AND user_id = $2', [
      conversationId,
      userId,
      change.at,
      change.inboxRev,
    ]);
  }

  async setRole(
    tx: Tx,
    conversationId: string,
    userId: string,
    change: { role: Role; mayPost: boolean; inboxRev: number },
  ): Promise<void> {
    await tx.query(
      `UPDATE participants SET role = $3, may_post = $4, inbox_rev = $5 WHERE conversation_id = $1 AND user_id = $2`,
      [conversationId, userId, change.role, change.mayPost, change.inboxRev],
    );
  }

  async silence(
    tx: Tx,
    conversationId: string,
    userId: string,
    change: { until: Date | null; inboxRev: number },
  ): Promise<void> {
    await tx.query(
      'UPDATE participants SET silenced_until = $3, inbox_rev = $4 WHERE conversation_id = $1 AND user_id = $2',
      [conversationId, userId, change.until, change.inboxRev],
    );
  }

  async countOwners(tx: Tx, conversationId: string): Promise<number> {
    const row = await tx.one<{ owners: number }>(
      `SELECT count(*)::int AS owners FROM participants
       WHERE conversation_id = $1 AND role = 'owner' AND left_at IS NULL`,
      [conversationId],
    );
    return row?.owners ?? 0;
  }

  async changeMemberCount(tx: Tx, conversationId: string, by: number): Promise<void> {
    await tx.query('UPDATE conversations SET member_count = member_count + $2 WHERE id = $1', [conversationId, by]);
  }
}
