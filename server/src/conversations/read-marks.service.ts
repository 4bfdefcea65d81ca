import './conversation.events.js';
import { Injectable } from '@nestjs/common';
import type { MarkRead, ReadMark } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Events } from '../platform/events/domain-events.js';
import type { Viewer } from '../platform/viewer.js';
import { ConversationsRepository } from './conversations.repository.js';

/** How far each member has read: marks that only move forward and never pass the end. */
@Injectable()
export class ReadMarksService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  async markRead(viewer: Viewer, { conversationId, messageId, seq = 0 }: MarkRead): Promise<ReadMark> {
    const { tenantId, userId } = viewer;
    const to = messageId === undefined ? { seq } : { messageId };
    // One statement is its own transaction.
    const moved = await this.database.read((tx) =>
      this.conversations.moveReadMark(tx, tenantId, { conversationId, userId, to }),
    );
    if (!moved) throw new AppError('not_found');
    const { before, lastReadSeq, lastDeliveredSeq, unreadCount, isShared } = moved;
    if (lastReadSeq > before) {
      const at = this.clock.now();
      const mark = { conversationId, userId, lastReadSeq, lastDeliveredSeq };
      await this.events.announce('receipt.moved', { ...mark, at, isShared });
    }
    return { lastReadSeq, unreadCount };
  }
}
