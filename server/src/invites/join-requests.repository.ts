import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { PublicUserRow } from '../users/index.js';
import type { JoinRequestEntity } from './join-request.entity.js';

/** A request, with who made it. */
export type JoinRequestRow = PublicUserRow & Pick<JoinRequestEntity, 'inviteId' | 'requestedAt'>;

/** What others have decided since settles a request: its maker was seated, was banned, or has closed the account. */
export const IS_PENDING = `NOT EXISTS (SELECT 1 FROM participants p WHERE p.conversation_id = r.conversation_id
    AND p.user_id = r.user_id AND p.joined_at >= r.requested_at)
  AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.conversation_id = r.conversation_id AND b.user_id = r.user_id)
  AND EXISTS (SELECT 1 FROM users u WHERE u.tenant_id = r.tenant_id AND u.id = r.user_id AND u.deleted_at IS NULL)`;

@Injectable()
export class JoinRequestsRepository {
  /** A new request takes the place of one that was settled. */
  async put(tx: Tx, request: JoinRequestEntity): Promise<void> {
    await tx.query(
      `INSERT INTO join_requests (tenant_id, conversation_id, user_id, invite_id, requested_at)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (conversation_id, user_id) DO UPDATE
       SET invite_id = excluded.invite_id, requested_at = excluded.requested_at`,
      [request.tenantId, request.conversationId, request.userId, request.inviteId, request.requestedAt],
    );
  }

  findPending(tx: Tx, conversationId: string, userId: string): Promise<Pick<JoinRequestEntity, 'inviteId'> | null> {
    return tx.one(
      `SELECT r.invite_id AS "inviteId" FROM join_requests r
       WHERE r.conversation_id = $1 AND r.user_id = $2 AND ${IS_PENDING}`,
      [conversationId, userId],
    );
  }

  /** Removes a request; null if it was not pending any more, else by which invite it came. */
  async take(
    tx: Tx,
    tenantId: string,
    conversationId: string,
    userId: string,
  ): Promise<{ readonly inviteId: string | null } | null> {
    const row = await tx.one<{ isPending: boolean; inviteId: string | null }>(
      `DELETE FROM join_requests r WHERE r.tenant_id = $1 AND r.conversation_id = $2 AND r.user_id = $3
       RETURNING ${IS_PENDING} AS "isPending", r.invite_id AS "inviteId"`,
      [tenantId, conversationId, userId],
    );
    return row?.isPending ? { inviteId: row.inviteId } : null;
  }

  /** Those that are pending, oldest first. */
  list(
    tx: Tx,
    conversationId: string,
    page: { limit: number; after: { requestedAt: string; id: string } | null },
  ): Promise<JoinRequestRow[]> {
    return tx.query(
      `SELECT r.invite_id AS "inviteId", r.requested_at AS "requestedAt",
              u.id, u.username, u.first_name AS "firstName", u.last_name AS "lastName", u.avatar_url AS "avatarUrl"
       FROM join_requests r JOIN users u ON u.tenant_id = r.tenant_id AND u.id = r.user_id
       WHERE r.conversation_id = $1 AND ${IS_PENDING}
         AND ($3::timestamptz IS NULL OR (r.requested_at, r.user_id) > ($3, $4::uuid))
       ORDER BY r.requested_at, r.user_id LIMIT $2`,
      [conversationId, page.limit, page.after?.requestedAt ?? null, page.after?.id ?? null],
    );
  }
}
