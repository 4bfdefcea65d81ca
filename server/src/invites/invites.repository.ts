import { Injectable } from '@nestjs/common';
import type { InvitePreview } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import type { Viewer } from '../platform/viewer.js';
import { InviteEntity } from './invite.entity.js';
import { IS_PENDING } from './join-requests.repository.js';

/** An invite that can be used now, and what its holder may know of the conversation. */
export type OpenInvite = Pick<InviteEntity, 'id' | 'requiresApproval'> &
  Pick<InvitePreview, 'conversationId' | 'type' | 'name' | 'description' | 'avatarUrl' | 'memberCount'>;

const INVITE = `i.tenant_id AS "tenantId", i.id, i.conversation_id AS "conversationId", i.created_by AS "createdBy",
  i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.max_uses AS "maxUses", i.uses,
  i.requires_approval AS "requiresApproval", i.revoked_at AS "revokedAt"`;
/** Neither revoked nor expired at $2. */
const HOLDS = `i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > $2)`;
const HAS_A_USE_LEFT = `(i.max_uses IS NULL OR i.uses < i.max_uses)`;

@Injectable()
export class InvitesRepository {
  async insert(tx: Tx, invite: InviteEntity): Promise<void> {
    await tx.manager.insert(InviteEntity, invite);
  }

  /** One with a use left; or one whose use this person has taken already, by a request that is pending. */
  findOpen(tx: Tx, { tenantId, userId }: Viewer, id: string, now: Date): Promise<OpenInvite | null> {
    return tx.one(
      `SELECT i.id, i.requires_approval AS "requiresApproval", c.id AS "conversationId", c.type, c.name,
              c.description, c.avatar_url AS "avatarUrl", c.member_count AS "memberCount"
       FROM invites i JOIN conversations c ON c.id = i.conversation_id
       WHERE i.id = $1 AND ${HOLDS} AND i.tenant_id = $3 AND c.deleted_at IS NULL
         AND (${HAS_A_USE_LEFT} OR EXISTS (
           SELECT 1 FROM join_requests r
           WHERE r.conversation_id = i.conversation_id AND r.user_id = $4 AND r.invite_id = i.id AND ${IS_PENDING}))`,
      [id, now, tenantId, userId],
    );
  }

  /** Counts one use, in the statement that finds that there is one left; says whether there was. */
  async redeem(tx: Tx, id: string, now: Date): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE invites AS i SET uses = i.uses + 1 WHERE i.id = $1 AND ${HOLDS} AND ${HAS_A_USE_LEFT} RETURNING 1`,
      [id, now],
    );
    return rows.length > 0;
  }

  /** Takes a use back that came to nothing. */
  async giveBack(tx: Tx, id: string): Promise<void> {
    await tx.query('UPDATE invites SET uses = uses - 1 WHERE id = $1 AND uses > 0', [id]);
  }

  /** Those that have not been revoked, oldest first. */
  list(
    tx: Tx,
    conversationId: string,
    page: { limit: number; after: { createdAt: string; id: string } | null },
  ): Promise<InviteEntity[]> {
    return tx.query(
      `SELECT ${INVITE} FROM invites i
       WHERE i.conversation_id = $1 AND i.revoked_at IS NULL
         AND ($3::timestamptz IS NULL OR (i.created_at, i.id) > ($3, $4::uuid))
       ORDER BY i.created_at, i.id LIMIT $2`,
      [conversationId, page.limit, page.after?.createdAt ?? null, page.after?.id ?? null],
    );
  }

  /** Says whether there was an invite to revoke. */
  async revoke(tx: Tx, conversationId: string, id: string, now: Date): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE invites SET revoked_at = $3 WHERE conversation_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING 1`,
      [conversationId, id, now],
    );
    return rows.length > 0;
  }
}
