import { Injectable } from '@nestjs/common';
import type { Role } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import type { PublicUserRow } from '../users/index.js';
import { ConversationEntity } from './conversation.entity.js';
import { ParticipantEntity } from './participant.entity.js';

/** A conversation together with one member's place in it. */
export type SeatRow = ConversationEntity & Omit<ParticipantEntity, 'conversationId' | 'leftAt'>;

export type ParticipantRow = PublicUserRow &
  Pick<ParticipantEntity, 'role' | 'joinedAt' | 'lastDeliveredSeq' | 'sharedReadSeq' | 'silencedUntil'> & {
    /** Whether this member lets others know what was read. */
    readonly isSharing: boolean;
  };

const SEAT = `c.tenant_id AS "tenantId", c.id, c.type, c.name, c.description, c.avatar_url AS "avatarUrl",
  c.direct_key AS "directKey", c.created_by AS "createdBy", c.created_at AS "createdAt", c.updated_at AS "updatedAt",
  c.member_count AS "memberCount", c.last_seq AS "lastSeq", c.rev, c.last_activity_at AS "lastActivityAt",
  c.permissions, c.history_visibility AS "historyVisibility", c.join_policy AS "joinPolicy",
  c.slow_mode_seconds AS "slowModeSeconds", c.message_ttl AS "messageTtl",
  c.newest_visible_from AS "newestVisibleFrom", c.deleted_at AS "deletedAt",
  p.user_id AS "userId", p.role, p.joined_at AS "joinedAt", p.last_read_seq AS "lastReadSeq",
  p.last_delivered_seq AS "lastDeliveredSeq", p.may_post AS "mayPost", p.silenced_until AS "silencedUntil",
  p.next_post_at AS "nextPostAt", p.visible_from_seq AS "visibleFromSeq", p.shared_read_seq AS "sharedReadSeq",
  p.muted_until AS "mutedUntil", p.is_pinned AS "isPinned", p.is_archived AS "isArchived",
  p.is_marked_unread AS "isMarkedUnread", p.draft, p.inbox_rev AS "inboxRev"`;
const SEAT_TABLES = 'participants p JOIN conversations c ON c.id = p.conversation_id';
const PARTICIPANT = `p.role, p.joined_at AS "joinedAt", p.last_delivered_seq AS "lastDeliveredSeq",
  p.shared_read_seq AS "sharedReadSeq", p.silenced_until AS "silencedUntil",
  (u.privacy ->> 'readReceipts')::boolean AS "isSharing", u.id, u.username, u.first_name AS "firstName",
  u.last_name AS "lastName", u.avatar_url AS "avatarUrl"`;
const PARTICIPANT_TABLES = 'participants p JOIN users u ON u.tenant_id = p.tenant_id AND u.id = p.user_id';

@Injectable()
export class ConversationsRepository {
  async insert(tx: Tx, conversation: ConversationEntity): Promise<void> {
    await tx.manager.insert(ConversationEntity, conversation);
  }

  /** Inserts unless the pair has its conversation already; says whether it did. */
  async insertDirect(tx: Tx, conversation: ConversationEntity): Promise<boolean> {
    const result = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(ConversationEntity)
      .values(conversation)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  async insertParticipants(tx: Tx, participants: readonly ParticipantEntity[]): Promise<void> {
    if (participants.length > 0) await tx.manager.insert(ParticipantEntity, [...participants]);
  }

  async findDirectId(tx: Tx, tenantId: string, directKey: string): Promise<string | null> {
    const row = await tx.one<{ id: string }>('SELECT id FROM conversations WHERE tenant_id = $1 AND direct_key = $2', [
      tenantId,
      directKey,
    ]);
    return row?.id ?? null;
  }

  findSeat(tx: Tx, tenantId: string, conversationId: string, userId: string): Promise<SeatRow | null> {
    return tx.one(
      `SELECT ${SEAT} FROM ${SEAT_TABLES}
       WHERE p.conversation_id = $2 AND p.user_id = $3 AND p.left_at IS NULL AND c.tenant_id = $1`,
      [tenantId, conversationId, userId],
    );
  }

  /** The seats of several members of one conversation. */
  findSeats(tx: Tx, conversationId: string, userIds: readonly string[]): Promise<SeatRow[]> {
    return tx.query(
      `SELECT ${SEAT} FROM ${SEAT_TABLES}
       WHERE p.conversation_id = $1 AND p.user_id = ANY ($2) AND p.left_at IS NULL`,
      [conversationId, userIds],
    );
  }

  /** The seats of one member in several conversations. */
  findSeatsOf(
    tx: Tx,
    member: { readonly tenantId: string; readonly userId: string },
    conversationIds: readonly string[],
  ): Promise<SeatRow[]> {
    return tx.query(
      `SELECT ${SEAT} FROM ${SEAT_TABLES}
       WHERE p.conversation_id = ANY ($3) AND p.user_id = $2 AND p.left_at IS NULL AND c.tenant_id = $1`,
      [member.tenantId, member.userId, conversationIds],
    );
  }

  /** A member's conversations, most recent activity first, those older than `before`. */
  listSeats(
    tx: Tx,
    tenantId: string,
    userId: string,
    page: { limit: number; before: { at: string; id: string } | null },
  ): Promise<SeatRow[]> {
    return tx.query(
      `SELECT ${SEAT} FROM ${SEAT_TABLES}
       WHERE p.tenant_id = $1 AND p.user_id = $2 AND p.left_at IS NULL
         AND ($4::timestamptz IS NULL OR (c.last_activity_at, c.id) < ($4, $5::uuid))
       ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $3`,
      [tenantId, userId, page.limit, page.before?.at ?? null, page.before?.id ?? null],
    );
  }

  async listIds(tx: Tx, tenantId: string, userId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'SELECT conversation_id AS id FROM participants WHERE tenant_id = $1 AND user_id = $2 AND left_at IS NULL',
      [tenantId, userId],
    );
    return rows.map((row) => row.id);
  }

  async listMemberIds(tx: Tx, conversationId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'SELECT user_id AS id FROM participants WHERE conversation_id = $1 AND left_at IS NULL',
      [conversationId],
    );
    return rows.map((row) => row.id);
  }

  listReaders(tx: Tx, conversationId: string): Promise<{ userId: string; visibleFromSeq: number }[]> {
    return tx.query(
      `SELECT user_id AS "userId", visible_from_seq AS "visibleFromSeq" FROM participants
       WHERE conversation_id = $1 AND left_at IS NULL`,
      [conversationId],
    );
  }

  /** Everything that changes who is in a conversation takes this lock first; so do sends. */
  async lock(tx: Tx, conversationId: string): Promise<void> {
    await tx.query('SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [conversationId]);
  }

  /** The other person of each direct conversation, by conversation and viewer. */
  findPeers(
    tx: Tx,
    seats: readonly { conversationId: string; userId: string }[],
  ): Promise<(ParticipantRow & { conversationId: string; viewerId: string; isViewerSharing: boolean })[]> {
    return tx.query(
      `SELECT seat.conversation_id AS "conversationId", seat.user_id AS "viewerId",
              (viewer.privacy ->> 'readReceipts')::boolean AS "isViewerSharing", ${PARTICIPANT}
       FROM unnest($1::uuid[], $2::uuid[]) AS seat (conversation_id, user_id)
       JOIN participants p ON p.conversation_id = seat.conversation_id AND p.user_id <> seat.user_id
       JOIN users u ON u.tenant_id = p.tenant_id AND u.id = p.user_id
       JOIN users viewer ON viewer.tenant_id = p.tenant_id AND viewer.id = seat.user_id`,
      [seats.map((seat) => seat.conversationId), seats.map((seat) => seat.userId)],
    );
  }

  listParticipants(
    tx: Tx,
    conversationId: string,
    page: { limit: number; after: { joinedAt: string; id: string } | null },
  ): Promise<ParticipantRow[]> {
    return tx.query(
      `SELECT ${PARTICIPANT} FROM ${PARTICIPANT_TABLES}
       WHERE p.conversation_id = $1 AND p.left_at IS NULL
         AND ($3::timestamptz IS NULL OR (p.joined_at, p.user_id) > ($3, $4::uuid))
       ORDER BY p.joined_at, p.user_id LIMIT $2`,
      [conversationId, page.limit, page.after?.joinedAt ?? null, page.after?.id ?? null],
    );
  }

  findParticipants(tx: Tx, conversationId: string, userIds: readonly string[]): Promise<ParticipantRow[]> {
    return tx.query(
      `SELECT ${PARTICIPANT} FROM ${PARTICIPANT_TABLES}
       WHERE p.conversation_id = $1 AND p.user_id = ANY ($2) AND p.left_at IS NULL
       ORDER BY p.joined_at, p.user_id`,
      [conversationId, userIds],
    );
  }

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

  async updateDetails(
    tx: Tx,
    conversationId: string,
    details: { name: string | null; description: string | null; at: Date },
  ): Promise<void> {
    await tx.query(
      'UPDATE conversations SET name = $2, description = $3, updated_at = $4, rev = rev + 1 WHERE id = $1',
      [conversationId, details.name, details.description, details.at],
    );
  }
}
