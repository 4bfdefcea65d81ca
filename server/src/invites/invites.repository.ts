import { Injectable } from '@nestjs/common';
import type { InvitePreview } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import { InviteEntity } from './invite.entity.js';

/** An invite that can be used now, and what its holder may know of the conversation. */
export type OpenInvite = Pick<InviteEntity, 'id' | 'requiresApproval'> &
  Pick<InvitePreview, 'conversationId' | 'type' | 'name' | 'description' | 'avatarUrl' | 'memberCount'>;

const INVITE = `i.tenant_id AS "tenantId", i.id, i.conversation_id AS "conversationId", i.created_by AS "createdBy",
  i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.max_uses AS "maxUses", i.uses,
  i.requires_approval AS "requiresApproval", i.revoked_at AS "revokedAt"`;
/** Neither revoked nor expired at $2, nor used up. */
const IS_OPEN = `i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > $2)
  AND (i.max_uses IS NULL OR i.uses < i.max_uses)`;

@Injectable()
export class InvitesRepository {
  async insert(tx: Tx, invite: InviteEntity): Promise<void> {
    await tx.manager.insert(InviteEntity, invite);
  }

  findOpen(tx: Tx, tenantId: string, id: string, now: Date): Promise<OpenInvite | null> {
    return tx.one(
      `SELECT i.id, i.requires_approval AS "requiresApproval", c.id AS "conversationId", c.type, c.name,
              c.description, c.avatar_url AS "avatarUrl", c.member_count AS "memberCount"
       FROM invites i JOIN conversations c ON c.id = i.conversation_id
       WHERE i.id = $1 AND ${IS_OPEN} AND i.tenant_id = $3 AND c.deleted_at IS NULL`,
      [id, now, tenantId],
    );
  }

  /** Counts one use, in the statement that finds that there is one left; says whether there was. */
  async redeem(tx: Tx, id: string, now: Date): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE invites AS i SET uses = i.uses + 1 WHERE i.id = $1 AND ${IS_OPEN} RETURNING 1`,
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
