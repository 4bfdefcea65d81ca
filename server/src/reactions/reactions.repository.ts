import { Injectable } from '@nestjs/common';
import { NAMED_USERS, type Reaction } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import type { PublicUserRow } from '../users/index.js';

interface Place {
  readonly conversationId: string;
  readonly seq: number;
}

/** One person's use of one emoji. */
type ReactorRow = PublicUserRow & { readonly emoji: string; readonly reactedAt: Date };

/** Where a list of reactors goes on. */
interface Position {
  readonly reactedAt: string;
  readonly emoji: string;
  readonly userId: string;
}

@Injectable()
export class ReactionsRepository {
  /** Adds a reaction unless it is there; says whether it was added. */
  async add(
    tx: Tx,
    at: Place,
    reaction: { readonly tenantId: string; readonly userId: string; readonly emoji: string; readonly reactedAt: Date },
  ): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO reactions (tenant_id, conversation_id, seq, emoji, user_id, reacted_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
      [reaction.tenantId, at.conversationId, at.seq, reaction.emoji, reaction.userId, reaction.reactedAt],
    );
    return rows.length > 0;
  }

  /** Takes a reaction back; says whether there was one. */
  async remove(tx: Tx, at: Place, emoji: string, userId: string): Promise<boolean> {
    const rows = await tx.query(
      'DELETE FROM reactions WHERE conversation_id = $1 AND seq = $2 AND emoji = $3 AND user_id = $4 RETURNING 1',
      [at.conversationId, at.seq, emoji, userId],
    );
    return rows.length > 0;
  }

  /** What the message shows of its reactions, emojis in the order of their first use. */
  summarise(tx: Tx, { conversationId, seq }: Place): Promise<Reaction[]> {
    return tx.query(
      `SELECT emoji, count(*)::int AS count,
              (array_agg(user_id ORDER BY reacted_at, user_id))[1:${NAMED_USERS}] AS "userIds"
       FROM reactions WHERE conversation_id = $1 AND seq = $2
       GROUP BY emoji ORDER BY min(reacted_at), emoji`,
      [conversationId, seq],
    );
  }

  /** Everyone who reacted, with one emoji or any, in order of time. */
  listReactors(
    tx: Tx,
    at: Place,
    page: { readonly emoji: string | null; readonly limit: number; readonly after: Position | null },
  ): Promise<ReactorRow[]> {
    return tx.query(
      `SELECT r.emoji, r.reacted_at AS "reactedAt", u.id, u.username, u.first_name AS "firstName",
              u.last_name AS "lastName", u.avatar_url AS "avatarUrl"
       FROM reactions r JOIN users u ON u.tenant_id = r.tenant_id AND u.id = r.user_id
       WHERE r.conversation_id = $1 AND r.seq = $2 AND ($3::text IS NULL OR r.emoji = $3)
         AND ($5::timestamptz IS NULL OR (r.reacted_at, r.emoji, r.user_id) > ($5, $6, $7::uuid))
       ORDER BY r.reacted_at, r.emoji, r.user_id LIMIT $4`,
      [
        at.conversationId,
        at.seq,
        page.emoji,
        page.limit,
        page.after?.reactedAt ?? null,
        page.after?.emoji ?? null,
        page.after?.userId ?? null,
      ],
    );
  }
}
