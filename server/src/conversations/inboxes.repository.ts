import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/**
 * The counter of each person's own changes. Bumping it locks the person's inbox until the end of the transaction, so
 * that the numbers become visible in order; it comes after the lock of a conversation and before that of a seat.
 */
@Injectable()
export class InboxesRepository {
  /** Counts one change for each of these people, who are distinct; returns the new numbers by person. */
  async bump(tx: Tx, tenantId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ userId: string; rev: number }>(
      `INSERT INTO inboxes AS i (tenant_id, user_id, rev)
       SELECT $1, person.id, 1 FROM unnest($2::uuid[]) AS person (id) ORDER BY person.id
       ON CONFLICT (tenant_id, user_id) DO UPDATE SET rev = i.rev + 1
       RETURNING user_id AS "userId", rev`,
      [tenantId, userIds],
    );
    return new Map(rows.map((row) => [row.userId, row.rev]));
  }

  async revOf(tx: Tx, tenantId: string, userId: string): Promise<number> {
    const row = await tx.one<{ rev: number }>('SELECT rev FROM inboxes WHERE tenant_id = $1 AND user_id = $2', [
      tenantId,
      userId,
    ]);
    return row?.rev ?? 0;
  }
}
