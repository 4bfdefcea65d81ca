import { Injectable } from '@nestjs/common';
import { type Action, ConversationsService, type SeatRow } from '../conversations/index.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import type { Viewer } from '../platform/viewer.js';
import { type MessageRow, TimelineRepository } from '../timeline/index.js';

/** A message, and the seat from which its reader sees it. */
export interface Found {
  readonly seat: SeatRow;
  readonly row: MessageRow;
}

/**
 * The way to a message by its id alone. Who has no seat in its conversation, joined after it where history begins with
 * joining, or has deleted it for themselves, is told the same as of an id that does not exist.
 */
@Injectable()
export class MessageAccess {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly timeline: TimelineRepository,
    private readonly clock: Clock,
  ) {}

  async require(tx: Tx, viewer: Viewer, messageId: string, action?: Action): Promise<Found> {
    const found = await this.requireEvenHidden(tx, viewer, messageId);
    if (found.row.isHidden) throw new AppError('not_found');
    if (action) this.#requireRight(found.seat, action);
    return found;
  }

  /** As `require`, for whom it makes no difference that the viewer has deleted the message for themselves. */
  async requireEvenHidden(tx: Tx, viewer: Viewer, messageId: string): Promise<Found> {
    const row = await this.timeline.findById(tx, viewer, messageId);
    if (!row) throw new AppError('not_found');
    const seat = await this.conversations.requireSeat(tx, viewer, row.conversationId);
    if (row.seq < seat.visibleFromSeq) throw new AppError('not_found');
    return { seat, row };
  }

  /**
   * As `require`, for whoever is about to change the message: holds the conversation's lock, so that what is returned
   * stays so until the end of the transaction. A message that is gone is not changed any more.
   */
  async hold(tx: Tx, viewer: Viewer, messageId: string, action?: Action): Promise<Found> {
    const found = await this.holdEvenGone(tx, viewer, messageId, action);
    if (this.isGone(found)) throw new AppError('message_deleted');
    return found;
  }

  async holdEvenGone(tx: Tx, viewer: Viewer, messageId: string, action?: Action): Promise<Found> {
    // A stranger must not be able to hold the lock of a conversation by asking for it.
    const { row } = await this.require(tx, viewer, messageId);
    await this.conversations.lock(tx, row.conversationId);
    return this.require(tx, viewer, messageId, action);
  }

  /** Whether a message has been deleted for everyone or has disappeared. */
  isGone({ row }: Found): boolean {
    return row.deletedAt !== null || this.timeline.isDue(row);
  }

  #requireRight(seat: SeatRow, action: Action): void {
    this.conversations.requireRight(seat, action);
    if (action === 'post' && seat.silencedUntil && seat.silencedUntil > this.clock.now()) {
      throw new AppError('silenced');
    }
  }
}
