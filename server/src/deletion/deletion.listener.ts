import './deletion.events.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type DomainEvents, Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';

/** Tells everyone who was in a conversation that it is gone. */
@Injectable()
export class DeletionListener implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  onModuleInit(): void {
    this.events.on('conversation.deleted', (event) => this.deleted(event));
  }

  async deleted({ conversationId, members }: DomainEvents['conversation.deleted']): Promise<void> {
    const online = await this.realtime.onlineAmong(members.map(({ userId }) => userId));
    for (const { userId, inboxRev } of members) {
      if (!online.has(userId)) continue;
      this.realtime.toUser(userId, 'conversation_removed', { conversationId, reason: 'deleted', inboxRev });
    }
  }
}
