import { Injectable } from '@nestjs/common';
import type { Mention } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import { EVERYONE } from '../timeline/index.js';

@Injectable()
export class MentionsRepository {
  /** Members of a conversation by their folded user names. */
  findMembers(
    tx: Tx,
    at: { readonly tenantId: string; readonly conversationId: string },
    usernameKeys: readonly string[],
  ): Promise<{ key: string; userId: string }[]> {
    return tx.query(
      `SELECT u.username_key AS key, u.id AS "userId" FROM users u
       JOIN participants p ON p.conversation_id = $2 AND p.user_id = u.id AND p.left_at IS NULL
       WHERE u.tenant_id = $1 AND u.username_key = ANY ($3)`,
      [at.tenantId, at.conversationId, usernameKeys],
    );
  }

  /** Puts what a message mentions now in the place of what it mentioned before. */
  async replace(
    tx: Tx,
    at: { readonly tenantId: string; readonly conversationId: string; readonly seq: number },
    mentions: { readonly before: readonly Mention[]; readonly now: readonly Mention[] },
  ): Promise<void> {
    await tx.query('DELETE FROM mentions WHERE conversation_id = $1 AND user_id = ANY ($2) AND seq = $3', [
      at.conversationId,
      idsOf(mentions.before),
      at.seq,
    ]);
    await tx.query(
      `INSERT INTO mentions (tenant_id, conversation_id, user_id, seq)
       SELECT $1, $2, mentioned.id, $4 FROM unnest($3::uuid[]) AS mentioned (id)`,
      [at.tenantId, at.conversationId, idsOf(mentions.now), at.seq],
    );
  }
}

const idsOf = (mentions: readonly Mention[]): string[] => [
  ...new Set(mentions.map(({ userId }) => userId ?? EVERYONE)),
];
