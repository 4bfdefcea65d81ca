import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { PublicUserRow } from '../users/index.js';
import type { BanEntity } from './ban.entity.js';

/** A ban, with whom it is about. */
export type BanRow = PublicUserRow & Pick<BanEntity, 'bannedBy' | 'bannedAt' | 'reason'>;

const BAN = `b.banned_by AS "bannedBy", b.banned_at AS "bannedAt", b.reason,
  u.id, u.username, u.first_name AS "firstName", u.last_name AS "lastName", u.avatar_url AS "avatarUrl"`;
const BAN_TABLES = 'bans b JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id';

@Injectable()
export class BansRepository {
  /** Inserts unless the person is banned already; says whether it did. */
  async insertOnce(tx: Tx, ban: BanEntity): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO bans (tenant_id, conversation_id, user_id, banned_by, banned_at, reason)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
      [ban.tenantId, ban.conversationId, ban.userId, ban.bannedBy, ban.bannedAt, ban.reason],
    );
    return rows.length > 0;
  }

  /** Those of these people who are banned. */
  async among(tx: Tx, conversationId: string, userIds: readonly string[]): Promise<Set<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await tx.query<{ id: string }>(
      'SELECT user_id AS id FROM bans WHERE conversation_id = $1 AND user_id = ANY ($2)',
      [conversationId, userIds],
    );
    return new Set(rows.map((row) => row.id));
  }

  find(tx: Tx, conversationId: string, userId: string): Promise<BanRow | null> {
    return tx.one(`SELECT ${BAN} FROM ${BAN_TABLES} WHERE b.conversation_id = $1 AND b.user_id = $2`, [
      conversationId,
      userId,
    ]);
  }

  /** Oldest first. */
  list(
    tx: Tx,
    conversationId: string,
    page: { limit: number; after: { bannedAt: string; id: string } | null },
  ): Promise<BanRow[]> {
    return tx.query(
      `SELECT ${BAN} FROM ${BAN_TABLES}
       WHERE b.conversation_id = $1 AND ($3::timestamptz IS NULL OR (b.banned_at, b.user_id) > ($3, $4::uuid))
       ORDER BY b.banned_at, b.user_id LIMIT $2`,
      [conversationId, page.limit, page.after?.bannedAt ?? null, page.after?.id ?? null],
    );
  }

  /** Says whether there was a ban to lift. */
  async delete(tx: Tx, conversationId: string, userId: string): Promise<boolean> {
    const rows = await tx.query('DELETE FROM bans WHERE conversation_id = $1 AND user_id = $2 RETURNING 1', [
      conversationId,
      userId,
    ]);
    return rows.length > 0;
  }
}
