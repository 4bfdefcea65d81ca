import { Injectable } from '@nestjs/common';
import type { RevokedReason } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import { PasswordResetEntity } from './password-reset.entity.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { SessionEntity } from './session.entity.js';

/** A session that is over, as the realtime layer needs to know it. */
export interface EndedSession {
  readonly id: string;
  readonly userId: string;
  readonly reason: RevokedReason;
}

/** A refresh token as it was when it was presented, with the session it belongs to. */
export interface PresentedToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly usedAt: Date | null;
  readonly supersededAt: Date | null;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

const ENDED = 'id, user_id AS "userId", end_reason AS reason';

@Injectable()
export class SessionsRepository {
  async insert(tx: Tx, session: SessionEntity): Promise<void> {
    await tx.manager.insert(SessionEntity, session);
  }

  async insertRefreshToken(tx: Tx, token: RefreshTokenEntity): Promise<void> {
    await tx.manager.insert(RefreshTokenEntity, token);
  }

  async insertPasswordReset(tx: Tx, reset: PasswordResetEntity): Promise<void> {
    await tx.manager.insert(PasswordResetEntity, reset);
  }

  /**
   * The session if it is open and its person may act. What is over is sorted out here: as a condition it would invite
   * the planner to the partial indexes instead of the primary keys.
   */
  async findOpen(tx: Tx, tenantId: string, id: string): Promise<{ userId: string; lastUsedAt: Date } | null> {
    const session = await tx.one<{ userId: string; lastUsedAt: Date; isOver: boolean }>(
      `SELECT s.user_id AS "userId", s.last_used_at AS "lastUsedAt",
              s.ended_at IS NOT NULL OR u.deleted_at IS NOT NULL AS "isOver"
       FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
       WHERE s.tenant_id = $1 AND s.id = $2`,
      [tenantId, id],
    );
    return session?.isOver === false ? session : null;
  }

  async touch(tx: Tx, tenantId: string, id: string, at: Date): Promise<void> {
    await tx.query('UPDATE sessions SET last_used_at = $3 WHERE tenant_id = $1 AND id = $2', [tenantId, id, at]);
  }

  /** Open sessions, most recently used first. */
  listOpen(
    tx: Tx,
    tenantId: string,
    userId: string,
    page: { limit: number; after: { lastUsedAt: string; id: string } | null },
  ): Promise<SessionEntity[]> {
    const query = tx.manager
      .createQueryBuilder(SessionEntity, 's')
      .where('s.tenantId = :tenantId AND s.userId = :userId AND s.endedAt IS NULL', { tenantId, userId })
      .orderBy('s.lastUsedAt', 'DESC')
      .addOrderBy('s.id', 'DESC')
      .limit(page.limit);
    if (page.after) query.andWhere('(s.lastUsedAt, s.id) < (:lastUsedAt, :id)', page.after);
    return query.getMany();
  }

  /** Locks the session and then the token, so that presentations of all its tokens take turns. */
  findRefreshToken(tx: Tx, tenantId: string, tokenHash: Buffer): Promise<PresentedToken | null> {
    return tx.one(
      `SELECT t.session_id AS "sessionId", s.user_id AS "userId", t.used_at AS "usedAt",
              t.superseded_at AS "supersededAt", t.expires_at AS "expiresAt", s.ended_at AS "endedAt"
       FROM sessions s JOIN refresh_tokens t ON t.tenant_id = s.tenant_id AND t.session_id = s.id
       WHERE t.tenant_id = $1 AND t.token_hash = $2 FOR UPDATE OF s, t`,
      [tenantId, tokenHash],
    );
  }

  /** Whether one of the tokens that were given for this one has been used. */
  async isSuccessorUsed(tx: Tx, tenantId: string, { sessionId }: PresentedToken, tokenHash: Buffer): Promise<boolean> {
    const row = await tx.one(
      `SELECT 1 FROM refresh_tokens
       WHERE tenant_id = $1 AND session_id = $2 AND issued_for = $3 AND used_at IS NOT NULL LIMIT 1`,
      [tenantId, sessionId, tokenHash],
    );
    return row !== null;
  }

  /** Takes back what was given for this token: nobody may use it any more. */
  async supersede(
    tx: Tx,
    tenantId: string,
    { sessionId }: PresentedToken,
    at: { readonly tokenHash: Buffer; readonly now: Date },
  ): Promise<void> {
    await tx.query(
      `UPDATE refresh_tokens SET superseded_at = $4
       WHERE tenant_id = $1 AND session_id = $2 AND issued_for = $3 AND superseded_at IS NULL`,
      [tenantId, sessionId, at.tokenHash, at.now],
    );
  }

  /** Notes when a token was used, and forgets those that have long expired. */
  async markUsed(
    tx: Tx,
    tenantId: string,
    tokenHash: Buffer,
    times: { readonly usedAt: Date; readonly forgetBefore: Date },
  ): Promise<void> {
    await tx.query('UPDATE refresh_tokens SET used_at = $3 WHERE tenant_id = $1 AND token_hash = $2', [
      tenantId,
      tokenHash,
      times.usedAt,
    ]);
    await tx.query('DELETE FROM refresh_tokens WHERE expires_at < $1', [times.forgetBefore]);
  }

  end(tx: Tx, tenantId: string, userId: string, id: string, reason: RevokedReason, at: Date): Promise<EndedSession[]> {
    return tx.query(
      `UPDATE sessions SET ended_at = $5, end_reason = $4
       WHERE tenant_id = $1 AND user_id = $2 AND id = $3 AND ended_at IS NULL RETURNING ${ENDED}`,
      [tenantId, userId, id, reason, at],
    );
  }

  endAll(tx: Tx, tenantId: string, userId: string, reason: RevokedReason, at: Date): Promise<EndedSession[]> {
    return tx.query(
      `UPDATE sessions SET ended_at = $4, end_reason = $3
       WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL RETURNING ${ENDED}`,
      [tenantId, userId, reason, at],
    );
  }

  /** Removes what the sessions of an erased account tell of its owner's devices. */
  async forgetDevices(tx: Tx, tenantId: string, userId: string): Promise<void> {
    await tx.query('UPDATE sessions SET device_name = NULL, address = NULL WHERE tenant_id = $1 AND user_id = $2', [
      tenantId,
      userId,
    ]);
  }

  /** Sessions that ended since `since`, on whichever node. */
  endedSince(tx: Tx, since: Date): Promise<EndedSession[]> {
    return tx.query(`SELECT ${ENDED} FROM sessions WHERE ended_at >= $1`, [since]);
  }

  /** Redeems a reset token: of any number of attempts at once, exactly one gets the user. */
  async redeemPasswordReset(tx: Tx, tenantId: string, tokenHash: Buffer, now: Date): Promise<string | null> {
    const row = await tx.one<{ userId: string }>(
      `UPDATE password_resets SET used_at = $3
       WHERE tenant_id = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $3
       RETURNING user_id AS "userId"`,
      [tenantId, tokenHash, now],
    );
    return row?.userId ?? null;
  }

  /** Takes back every reset link of a person that is still out. */
  async dropPasswordResets(tx: Tx, tenantId: string, userId: string): Promise<void> {
    await tx.query('DELETE FROM password_resets WHERE tenant_id = $1 AND user_id = $2', [tenantId, userId]);
  }
}
