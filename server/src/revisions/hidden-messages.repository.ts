import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** What people have deleted for themselves. */
@Injectable()
export class HiddenMessagesRepository {
  /**
   * Hides a message from one person, whose inbox counted this as `inboxRev` and what it does to their seat as `seatRev`.
   * Two devices may do so at once.
   */
  async hide(
    tx: Tx,
    message: { readonly tenantId: string; readonly conversationId: string; readonly seq: number },
    from: { readonly userId: string; readonly inboxRev: number; readonly seatRev: number },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO hidden_messages (tenant_id, user_id, conversation_id, seq, inbox_rev) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant_id, user_id, conversation_id, seq) DO UPDATE SET inbox_rev = excluded.inbox_rev`,
      [message.tenantId, from.userId, message.conversationId, message.seq, from.inboxRev],
    );
    await tx.query('UPDATE participants SET inbox_rev = $3 WHERE conversation_id = $1 AND user_id = $2', [
      message.conversationId,
      from.userId,
      from.seatRev,
    ]);
  }
}
