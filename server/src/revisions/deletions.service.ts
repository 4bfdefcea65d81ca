import './revision.events.js';
import { Inject, Injectable } from '@nestjs/common';
import type { Changed, DeleteFor } from '@parley/protocol';
import { CONFIG, type Config } from '../config.js';
import { InboxesRepository, mayDo } from '../conversations/index.js';
import { type Found, MessageAccess } from '../messages/index.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Events } from '../platform/events/domain-events.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { TombstonesRepository } from '../timeline/index.js';
import { HiddenMessagesRepository } from './hidden-messages.repository.js';
import { isPast } from './window.rules.js';

/** Deleting a message for everyone, or for oneself. A message that is deleted already stays so. */
@Injectable()
export class DeletionsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly tombstones: TombstonesRepository,
    private readonly inboxes: InboxesRepository,
    private readonly hidden: HiddenMessagesRepository,
    private readonly events: Events,
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  async remove(viewer: Viewer, messageId: string, from: DeleteFor): Promise<Changed> {
    await this.limits.take('change', viewer.userId);
    return from === 'me' ? this.#hide(viewer, messageId) : this.#entomb(viewer, messageId);
  }

  #entomb(viewer: Viewer, messageId: string): Promise<Changed> {
    return this.database.transaction(async (tx) => {
      const found = await this.access.holdEvenGone(tx, viewer, messageId);
      const { row } = found;
      this.#requireDeletable(viewer, found);
      if (this.access.isGone(found)) return { seq: row.seq, rev: row.rev };
      const [changed] = await this.tombstones.entomb(tx, row.conversationId, [
        { seq: row.seq, deletedAt: this.clock.now() },
      ]);
      if (!changed) throw new AppError('not_found');
      this.events.emit(tx, 'message.changed', changed);
      return { seq: changed.message.seq, rev: changed.message.rev };
    });
  }

  #requireDeletable(viewer: Viewer, found: Found): void {
    const { seat, row } = found;
    if (row.messageType === 'system') throw new AppError('not_editable');
    if (mayDo(seat, 'moderateMessages')) return;
    if (row.senderId !== viewer.userId) throw new AppError('forbidden');
    // Asking again for what is done already is never too late.
    const isLate = isPast(row.createdAt, this.config.DELETE_WINDOW, this.clock.now());
    if (isLate && !this.access.isGone(found)) throw new AppError('edit_window_closed');
  }

  #hide(viewer: Viewer, messageId: string): Promise<Changed> {
    const { tenantId, userId } = viewer;
    return this.database.transaction(async (tx) => {
      const { row } = await this.access.requireEvenHidden(tx, viewer, messageId);
      const { conversationId, seq, rev } = row;
      if (row.isHidden) return { seq, rev };
      // Two changes: the message is gone, and the counts of the seat have moved.
      const seatRev = (await this.inboxes.bump(tx, tenantId, [userId], 2)).get(userId) ?? 0;
      const inboxRev = seatRev - 1;
      await this.hidden.hide(tx, { tenantId, conversationId, seq }, { userId, inboxRev, seatRev });
      this.events.emit(tx, 'message.hidden', { userId, conversationId, seq, inboxRev });
      this.events.emit(tx, 'seat.changed', { tenantId, conversationId, userId, inboxRev: seatRev });
      return { seq, rev };
    });
  }
}
