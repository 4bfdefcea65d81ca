import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { MESSAGE_COLUMNS, type MessageRow, type Sight } from '../timeline/index.js';

@Injectable()
export class PinsRepository {
  async count(tx: Tx, conversationId: string): Promise<number> {
    const row = await tx.one<{ pins: number }>(
      'SELECT count(*)::int AS pins FROM messages WHERE conversation_id = $1 AND pinned_at IS NOT NULL',
      [conversationId],
    );
    return row?.pins ?? 0;
  }

  /** The pinned messages that this reader can see, newest pin first. */
  list(tx: Tx, sight: Sight): Promise<MessageRow[]> {
    return tx.query(
      `SELECT ${MESSAGE_COLUMNS} FROM messages m
       WHERE m.conversation_id = $1 AND m.pinned_at IS NOT NULL AND m.seq >= $2
         AND NOT EXISTS (SELECT 1 FROM hidden_messages h WHERE h.tenant_id = $3 AND h.user_id = $4
           AND h.conversation_id = m.conversation_id AND h.seq = m.seq)
       ORDER BY m.pinned_at DESC, m.seq DESC`,
      [sight.conversationId, sight.visibleFromSeq, sight.tenantId, sight.userId],
    );
  }
}
