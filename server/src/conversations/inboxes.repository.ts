import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/**
 * The counter of each person's own changes. Bumping it locks the person's inbox until the end of the transaction, so
 * that the numbers become visible in order; it comes after the lock of a conversation and before that of a seat.
 */
@Injectable()
export class InboxesRepository {
  /**
   * Counts changes for each of these people, who are distinct; returns the number of the last by person. Each change has
   * one number and each number is told by one event: whoever hears two events and misses one must notice.
   */
  async bump(tx: Tx, tenantId: string, userIds: readonly string[], by = 1): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ userId: string; rev: number }>(
      `INSERT INTO inboxes AS i (tenant_id, user_id, rev)
       SELECT $1, person.id, $3 FROM unnest($2::uuid[]) AS person (id) ORDER BY person.id
       ON CONFLICT (tenant_id, user_id) DO UPDATE SET rev = i.rev + $3
       RETURNING user_id AS "userId", rev`,
      [tenantId, userIds, by],
    );
    return new Map(rows.map((row) => [row.userId, row.rev]));
  }

  /** Resolves once every change of this inbox that is being made has come to pass, or has not. */
  async awaitChanges(tx: Tx, tenantId: string, userId: string): Promise<void> {
    const inbox = [tenantId, userId];
    const [row] = await tx.query('SELECT 1 FROM inboxes WHERE tenant_id = $1 AND user_id = $2 FOR SHARE', inbox);
    if (row) return;
    // Their first change may be on its way: an insert waits for that where a read sees nothing.
    await tx.query('INSERT INTO inboxes (tenant_id, user_id, rev) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING', inbox);
  }

  async revOf(tx: Tx, tenantId: string, userId: string): Promise<number> {
    const row = await tx.one<{ rev: number }>('SELECT rev FROM inboxes WHERE tenant_id = $1 AND user_id = $2', [
      tenantId,
      userId,
    ]);
    return row?.rev ?? 0;
  }
}
