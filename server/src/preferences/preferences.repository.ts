import { Injectable } from '@nestjs/common';
import type { MessageDraft, UpdatePreferences } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';

/** A person's own place in one conversation. */
interface Place {
  readonly conversationId: string;
  readonly userId: string;
}
/** What is a member's own in a conversation. Nothing is written where the seat is gone; both methods say whether it was there. */
@Injectable()
export class PreferencesRepository {
  /** Sets what is given. */
  async update(tx: Tx, at: Place, to: UpdatePreferences, inboxRev: number): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE participants
       SET muted_until = CASE WHEN $3 THEN $4::timestamptz ELSE muted_until END,
           is_pinned = coalesce($5, is_pinned), is_archived = coalesce($6, is_archived),
           is_marked_unread = coalesce($7, is_marked_unread), inbox_rev = $8
       WHERE conversation_id = $1 AND user_id = $2 AND left_at IS NULL RETURNING 1`,
      [
        at.conversationId,
        at.userId,
        to.mutedUntil !== undefined,
        to.mutedUntil ? new Date(to.mutedUntil) : null,
        to.pinned ?? null,
        to.archived ?? null,
        to.markedUnread ?? null,
        inboxRev,
      ],
    );
    return rows.length > 0;
  }

  async setDraft(tx: Tx, at: Place, draft: MessageDraft | null, inboxRev: number): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE participants SET draft = $3, inbox_rev = $4
       WHERE conversation_id = $1 AND user_id = $2 AND left_at IS NULL RETURNING 1`,
      [at.conversationId, at.userId, draft && JSON.stringify(draft), inboxRev],
    );
    return rows.length > 0;
  }
}
