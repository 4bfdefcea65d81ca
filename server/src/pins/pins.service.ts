import { Injectable } from '@nestjs/common';
import { type Message, PINS_PER_CONVERSATION } from '@parley/protocol';
import { ConversationsService, sightOf } from '../conversations/index.js';
import { MessageAccess, MessageChanges } from '../messages/index.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { TimelineRepository } from '../timeline/index.js';
import { PinsRepository } from './pins.repository.js';

/** Messages that stay in sight for everyone in their conversation. */
@Injectable()
export class PinsService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly timeline: TimelineRepository,
    private readonly pins: PinsRepository,
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  /** Pins a message; one that is pinned already stays as it was. */
  async pin(viewer: Viewer, messageId: string): Promise<Message> {
    await this.limits.take('change', viewer.userId);
    return this.database.transaction(async (tx) => {
      const found = await this.access.hold(tx, viewer, messageId, 'pin');
      if (found.row.pinnedAt) return this.changes.none(tx, found);
      if ((await this.pins.count(tx, found.seat.id)) >= PINS_PER_CONVERSATION) throw new AppError('too_many_pins');
      return this.changes.make(tx, found, { pinnedBy: viewer.userId, pinnedAt: this.clock.now() });
    });
  }

  async unpin(viewer: Viewer, messageId: string): Promise<Message> {
    await this.limits.take('change', viewer.userId);
    return this.database.transaction(async (tx) => {
      const found = await this.access.hold(tx, viewer, messageId, 'pin');
      if (!found.row.pinnedAt) return this.changes.none(tx, found);
      return this.changes.make(tx, found, { pinnedBy: null, pinnedAt: null });
    });
  }

  list(viewer: Viewer, conversationId: string): Promise<Message[]> {
    return this.database.read(async (tx) => {
      const seat = await this.conversations.requireSeat(tx, viewer, conversationId);
      const rows = await this.pins.list(tx, sightOf(seat));
      const shown = await this.timeline.show(tx, rows, () => seat.visibleFromSeq);
      // What has disappeared is no longer pinned, though the sweeper may not have been there yet.
      return shown.filter(({ deletedAt }) => deletedAt === null);
    });
  }
}
