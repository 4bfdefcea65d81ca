import './conversation.events.js';
import { Injectable } from '@nestjs/common';
import type { MarkRead, ReadMark } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Events } from '../platform/events/domain-events.js';
import type { Viewer } from '../platform/viewer.js';
import { TimelineRepository } from '../timeline/index.js';
import { ConversationsService } from './conversations.service.js';
import { ReadMarkWriter } from './read-mark-writer.js';

/** How far each member has read: marks that only move forward and never pass the end. */
@Injectable()
export class ReadMarksService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationsService,
    private readonly timeline: TimelineRepository,
    private readonly writer: ReadMarkWriter,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  async markRead(viewer: Viewer, input: MarkRead): Promise<ReadMark> {
    const { tenantId, userId } = viewer;
    const { conversationId } = input;
    const seq = input.seq ?? (await this.#seqOf(viewer, conversationId, input.messageId ?? ''));
    const moved = await this.writer.move({ tenantId, conversationId, userId, seq });
    const { before, lastReadSeq, lastDeliveredSeq, unreadCount, isShared } = moved;
    if (lastReadSeq > before) {
      const mark = { conversationId, userId, lastReadSeq, lastDeliveredSeq };
      await this.events.announce('receipt.moved', { ...mark, at: this.clock.now(), isShared });
    }
    return { lastReadSeq, unreadCount };
  }

  #seqOf(viewer: Viewer, conversationId: string, messageId: string): Promise<number> {
    return this.database.read(async (tx) => {
      await this.access.requireSeat(tx, viewer, conversationId);
      const seq = await this.timeline.seqOf(tx, conversationId, messageId);
      if (seq === null) throw new AppError('not_found');
      return seq;
    });
  }
}
