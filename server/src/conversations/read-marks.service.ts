import './conversation.events.js';
import { Injectable } from '@nestjs/common';
import type { MarkRead, ReadMark } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Events } from '../platform/events/domain-events.js';
import type { Viewer } from '../platform/viewer.js';
import { TimelineRepository } from '../timeline/index.js';
import { UsersService } from '../users/index.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';

/** How far each member has read: marks that only move forward and never pass the end. */
@Injectable()
export class ReadMarksService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationsService,
    private readonly conversations: ConversationsRepository,
    private readonly timeline: TimelineRepository,
    private readonly users: UsersService,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  async markRead(viewer: Viewer, input: MarkRead): Promise<ReadMark> {
    const { conversationId, messageId } = input;
    return this.database.transaction(async (tx) => {
      await this.access.requireSeat(tx, viewer, conversationId);
      const seq = messageId ? await this.timeline.seqOf(tx, conversationId, messageId) : (input.seq ?? null);
      if (seq === null) throw new AppError('not_found');
      const mark = await this.conversations.moveReadMark(tx, conversationId, viewer.userId, seq);
      if (!mark) throw new AppError('not_found');
      const { before, lastReadSeq, lastDeliveredSeq } = mark;
      if (lastReadSeq > before) {
        const { privacy } = await this.users.requireSelf(tx, viewer);
        this.events.emit(tx, 'receipt.moved', {
          conversationId,
          userId: viewer.userId,
          lastReadSeq,
          lastDeliveredSeq,
          at: this.clock.now(),
          isShared: privacy.readReceipts,
        });
      }
      const [unreadCount = 0] = await this.timeline.countUnread(tx, [
        { conversationId, userId: viewer.userId, lastReadSeq },
      ]);
      return { lastReadSeq, unreadCount };
    });
  }
}
