import './conversation.events.js';
import { Injectable } from '@nestjs/common';
import type { Conversation, UpdateConversation } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { definedOnly } from '../platform/defined-only.js';
import { Events } from '../platform/events/domain-events.js';
import type { Viewer } from '../platform/viewer.js';
import { TimelineRepository } from '../timeline/index.js';
import { maySetPermissions, rightsToSet, rolesThatMay } from './conversation.rules.js';
import { ConversationsRepository, type SeatRow, type Settings } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';

/** What a conversation is called and how it is run. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly timeline: TimelineRepository,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  /** Changes what is given; what is as asked for already is no change. */
  update(viewer: Viewer, conversationId: string, input: UpdateConversation): Promise<Conversation> {
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireSeat(tx, viewer, conversationId);
      this.#requireRights(seat, input);
      const before = settingsOf(seat);
      const after = changed(before, input);
      if (JSON.stringify(after) !== JSON.stringify(before)) await this.#apply(tx, seat, after);
      return this.access.view(tx, viewer, conversationId);
    });
  }

  #requireRights(seat: SeatRow, input: UpdateConversation): void {
    const isMoreThanTtl = Object.keys(input).some((key) => key !== 'messageTtl');
    if (seat.type === 'direct' && isMoreThanTtl) throw new AppError('direct_conversation');
    for (const right of rightsToSet(input)) this.access.requireRight(seat, right);
    if (!maySetPermissions(seat, definedOnly(input.permissions ?? {}))) throw new AppError('forbidden');
  }

  async #apply(tx: Tx, seat: SeatRow, after: Settings): Promise<void> {
    const at = this.clock.now();
    if (after.messageTtl !== seat.messageTtl) {
      const notice = await this.timeline.appendSystem(tx, {
        conversationId: seat.id,
        actorId: seat.userId,
        metadata: { event: 'message_ttl_changed', messageTtl: after.messageTtl },
        at,
      });
      this.events.emit(tx, 'messages.appended', [notice]);
    }
    const rev = await this.conversations.updateSettings(tx, seat.id, after, at);
    if (after.permissions.post !== seat.permissions.post) {
      await this.conversations.allowPosting(tx, seat.id, rolesThatMay({ ...seat, ...after }, 'post'));
    }
    this.events.emit(tx, 'conversation.changed', { conversationId: seat.id, rev });
  }
}

const settingsOf = (seat: SeatRow): Settings => ({
  name: seat.name,
  description: seat.description,
  permissions: seat.permissions,
  historyVisibility: seat.historyVisibility,
  joinPolicy: seat.joinPolicy,
  slowModeSeconds: seat.slowModeSeconds,
  messageTtl: seat.messageTtl,
});

const changed = (before: Settings, input: UpdateConversation): Settings => ({
  ...before,
  ...definedOnly(input),
  permissions: { ...before.permissions, ...definedOnly(input.permissions ?? {}) },
});
