import { Injectable } from '@nestjs/common';
import type { Role } from '@parley/protocol';
import { IsNull } from 'typeorm';
import { caseFold, withoutAccents } from '../platform/case-folding.js';
import { escapeLike } from '../platform/database/escape-like.js';
import type { Tx } from '../platform/database/tx.js';
import type { PublicUserRow } from '../users/index.js';
import { ConversationEntity } from './conversation.entity.js';
import { ParticipantEntity } from './participant.entity.js';

/** A conversation together with one member's place in it. */
export type SeatRow = ConversationEntity & Omit<ParticipantEntity, 'conversationId' | 'leftAt'>;

/** What its members can change about a conversation. */
export type Settings = Pick<
  ConversationEntity,
  'name' | 'description' | 'permissions' | 'historyVisibility' | 'joinPolicy' | 'slowModeSeconds' | 'messageTtl'
>;

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
/** The names of a person as `withoutAccents` has them, a space before each of their words. */
const WITHOUT_ACCENTS = `
  replace(normalize(regexp_replace(normalize(' ' || u.username_key || ' ' || u.name_key, NFD),
    '[\\u0300-\\u036f]', '', 'g'), NFC), 'đ', 'd')`;
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

  /** A conversation for who has no seat in it; null where there is none, or none any more. */
  find(tx: Tx, tenantId: string, conversationId: string): Promise<ConversationEntity | null> {
    return tx.manager.findOneBy(ConversationEntity, { tenantId, id: conversationId, deletedAt: IsNull() });
  }

  /** As `find`, under the lock of the conversation. */
  findLocked(tx: Tx, tenantId: string, conversationId: string): Promise<ConversationEntity | null> {
    return tx.manager.findOne(ConversationEntity, {
      where: { tenantId, id: conversationId, deletedAt: IsNull() },
      lock: { mode: 'for_no_key_update' },
    });
  }

  /** Of the people of these direct conversations, those other than the viewer who have begun one or written in it. */
  async findWriters(
    tx: Tx,
    viewer: { readonly tenantId: string; readonly userId: string },
    directKeys: readonly string[],
  ): Promise<string[]> {
    if (directKeys.length === 0) return [];
    const rows = await tx.query<{ id: string }>(
      `SELECT p.user_id AS id FROM conversations c
       JOIN participants p ON p.conversation_id = c.id AND p.user_id <> $2
       WHERE c.tenant_id = $1 AND c.direct_key = ANY ($3)
         AND (c.created_by = p.user_id
           OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.sender_id = p.user_id))`,
      [viewer.tenantId, viewer.userId, directKeys],
    );
    return rows.map((row) => row.id);
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

  /** Members in the order in which they came, or those among them who are `called` so: see `ParticipantQuery`. */
  listParticipants(
    tx: Tx,
    conversationId: string,
    page: { limit: number; after: { joinedAt: string; id: string } | null; called?: string | undefined },
  ): Promise<ParticipantRow[]> {
    const called = page.called === undefined ? null : escapeLike(withoutAccents(caseFold(page.called)));
    return tx.query(
      `SELECT ${PARTICIPANT} FROM ${PARTICIPANT_TABLES}
       WHERE p.conversation_id = $1 AND p.left_at IS NULL
         AND ($3::timestamptz IS NULL OR (p.joined_at, p.user_id) > ($3, $4::uuid))
         AND ($5::text IS NULL OR ${WITHOUT_ACCENTS} LIKE '% ' || $5 || '%')
       ORDER BY p.joined_at, p.user_id LIMIT $2`,
      [conversationId, page.limit, page.after?.joinedAt ?? null, page.after?.id ?? null, called],
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

  /** Sets what a conversation is called and how it is run; returns the number of this change. */
  async updateSettings(tx: Tx, conversationId: string, settings: Settings, at: Date): Promise<number> {
    const row = await tx.one<{ rev: number }>(
      `UPDATE conversations
       SET name = $2, description = $3, permissions = $4, history_visibility = $5, join_policy = $6,
           slow_mode_seconds = $7, message_ttl = $8, updated_at = $9, rev = rev + 1
       WHERE id = $1 RETURNING rev`,
      [
        conversationId,
        settings.name,
        settings.description,
        JSON.stringify(settings.permissions),
        settings.historyVisibility,
        settings.joinPolicy,
        settings.slowModeSeconds,
        settings.messageTtl,
        at,
      ],
    );
    if (!row) throw new Error(`No conversation ${conversationId} to change`);
    return row.rev;
  }

  /** Lets members of these roles write, and no others. Seats are locked in order, as everywhere. */
  async allowPosting(tx: Tx, conversationId: string, roles: readonly Role[]): Promise<void> {
    await tx.query(
      `WITH held AS (
         SELECT user_id FROM participants
         WHERE conversation_id = $1 AND may_post <> (role = ANY ($2)) ORDER BY user_id FOR NO KEY UPDATE
       )
       UPDATE participants p SET may_post = NOT may_post FROM held
       WHERE p.conversation_id = $1 AND p.user_id = held.user_id`,
      [conversationId, roles],
    );
  }
}
