import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  type DeliveredMark,
  type DeliveryStatus,
  type MarkDelivered,
  type MarkRead,
  type Page,
  type PageQuery,
  type ReadMark,
  type Receipt,
} from '@parley/protocol';
import { ConversationsService } from '../conversations/index.js';
import { MessageAccess } from '../messages/index.js';
import { AppError } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { decodeCursor, toPage } from '../platform/pagination.js';
import type { Viewer } from '../platform/viewer.js';
import { type MessageRow, TimelineRepository } from '../timeline/index.js';
import { UsersService } from '../users/index.js';
import { MarkWriter } from './mark-writer.js';
import { ReceiptsRepository, type RecipientRow } from './receipts.repository.js';

const StatusCursor = z.tuple([z.guid()]);
/** How many members' marks are told at once to whoever opens a conversation. */
const MARKS_SHOWN = 500;

/**
 * How far each member has received and read. Marks only move forward and never pass the end. What was read is told to
 * nobody while either side keeps receipts private; what was delivered is no secret.
 */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly messages: MessageAccess,
    private readonly users: UsersService,
    private readonly timeline: TimelineRepository,
    private readonly receipts: ReceiptsRepository,
    private readonly writer: MarkWriter,
  ) {}

  /** Everything up to here has been read, and so has been delivered. */
  async markRead(viewer: Viewer, input: MarkRead): Promise<ReadMark> {
    const { tenantId, userId } = viewer;
    const { conversationId, messageId } = input;
    const readSeq = input.seq ?? (await this.#seqOf(viewer, conversationId, messageId ?? ''));
    const seat = await this.writer.move({ tenantId, conversationId, userId, readSeq, deliveredSeq: null });
    return { lastReadSeq: seat.lastReadSeq, unreadCount: seat.unread ?? 0 };
  }

  async markDelivered({ tenantId, userId }: Viewer, { conversationId, seq }: MarkDelivered): Promise<DeliveredMark> {
    const mark = { tenantId, conversationId, userId, readSeq: null, deliveredSeq: seq };
    const { lastDeliveredSeq } = await this.writer.move(mark);
    return { lastDeliveredSeq };
  }

  /** What has become of a message for each of its recipients; for its sender and for moderators. */
  async status(viewer: Viewer, messageId: string, page: PageQuery): Promise<Page<DeliveryStatus>> {
    const cursor = decodeCursor(StatusCursor, page.cursor);
    return this.database.read(async (tx) => {
      const { seat, row } = await this.messages.require(tx, viewer, messageId);
      if (row.senderId !== viewer.userId) this.conversations.requireRight(seat, 'moderateMessages');
      const isSharing = await this.users.sharesReceipts(tx, viewer);
      const rows = await this.receipts.recipients(tx, row, { limit: page.limit + 1, after: cursor?.[0] ?? null });
      return toPage(rows, page.limit, {
        item: (recipient) => toStatus(recipient, row, isSharing),
        key: (recipient) => [recipient.userId],
      });
    });
  }

  /** The marks of the members of a conversation the viewer sits in, as the viewer may know them. */
  async marksOf(tx: Tx, conversationId: string, isViewerSharing: boolean): Promise<Receipt[]> {
    const rows = await this.receipts.marks(tx, conversationId, MARKS_SHOWN);
    return rows.map(({ userId, lastDeliveredSeq, sharedReadSeq, at }) => ({
      conversationId,
      userId,
      lastDeliveredSeq,
      lastReadSeq: isViewerSharing ? sharedReadSeq : 0,
      at: at.toISOString(),
    }));
  }

  #seqOf(viewer: Viewer, conversationId: string, messageId: string): Promise<number> {
    return this.database.read(async (tx) => {
      await this.conversations.requireSeat(tx, viewer, conversationId);
      const seq = await this.timeline.seqOf(tx, conversationId, messageId);
      if (seq === null) throw new AppError('not_found');
      return seq;
    });
  }
}

function toStatus(recipient: RecipientRow, message: MessageRow, isViewerSharing: boolean): DeliveryStatus {
  const { userId } = recipient;
  const at = (moved: Date | null): string => (moved ?? message.createdAt).toISOString();
  if (recipient.isRead && isViewerSharing) return { userId, status: 'read', at: at(recipient.readAt) };
  if (recipient.isDelivered) return { userId, status: 'delivered', at: at(recipient.deliveredAt) };
  return { userId, status: 'sent', at: at(null) };
}
