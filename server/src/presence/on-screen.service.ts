import { Injectable } from '@nestjs/common';
import type { AckData, OnScreen, Typing } from '@parley/protocol';
import { ConversationsService } from '../conversations/index.js';
import { AppError } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import { Limits } from '../platform/limits/limits.js';
import type { Connection } from '../platform/realtime/connection.js';
import { Realtime } from '../platform/realtime/realtime.js';
import type { Viewer } from '../platform/viewer.js';
import { ReceiptsService } from '../receipts/index.js';
import { UsersService } from '../users/index.js';

/** What matters only while a conversation is on screen: who is typing, and how far its members have read. */
@Injectable()
export class OnScreenService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly users: UsersService,
    private readonly receipts: ReceiptsService,
    private readonly realtime: Realtime,
    private readonly limits: Limits,
  ) {}

  /** The conversation has come on screen; answers with where it stands. */
  async join(
    viewer: Viewer,
    { conversationId }: OnScreen,
    connection: Connection,
  ): Promise<AckData<'join_conversation'>> {
    const wasSharing = await this.database.read(async (tx) => {
      await this.conversations.requireSeat(tx, viewer, conversationId);
      return this.users.sharesReceipts(tx, viewer);
    });
    this.realtime.watch(connection, `conversation:${conversationId}`);
    if (wasSharing) this.realtime.watch(connection, `receipts:${conversationId}`);
    // Watched first and read then: what moves in between is in one or the other.
    return this.database.snapshot(async (tx) => {
      const { lastSeq, rev } = await this.conversations.requireSeat(tx, viewer, conversationId);
      const isSharing = await this.users.sharesReceipts(tx, viewer);
      if (!isSharing) this.realtime.unwatch(connection, `receipts:${conversationId}`);
      return { lastSeq, rev, receipts: await this.receipts.marksOf(tx, conversationId, isSharing) };
    });
  }

  leave({ conversationId }: OnScreen, connection: Connection): void {
    this.realtime.unwatch(connection, `conversation:${conversationId}`, `receipts:${conversationId}`);
  }

  /** Passes on that the viewer is typing, or no longer; it is stored nowhere and may be lost. */
  async type(viewer: Viewer, { conversationId, isTyping }: Typing, connection: Connection): Promise<void> {
    await this.limits.take('typing', viewer.userId);
    if (!this.realtime.receives(connection, conversationId)) throw new AppError('not_found');
    const typing = { conversationId, userId: viewer.userId, isTyping };
    this.realtime.toTopic(`conversation:${conversationId}`, 'typing', typing, { except: viewer.userId });
  }
}
