import './conversation.events.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type DomainEvents, Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';
import { LiveViews } from './live-views.js';

/** Tells sockets what has happened to their conversations. */
@Injectable()
export class ConversationsListener implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly service: ConversationsService,
    private readonly live: LiveViews,
    private readonly realtime: Realtime,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    this.realtime.admitBy({ conversationsOf: (viewer, isSettled) => this.service.idsOf(viewer, { isSettled }) });
    this.events.on('conversation.begun', (event) => this.begun(event));
    this.events.on('conversation.changed', (event) => this.changed(event));
    this.events.on('seat.changed', (event) => this.seatChanged(event));
  }

  async begun({ conversationId, members }: DomainEvents['conversation.begun']): Promise<void> {
    await this.realtime.join(members, conversationId);
    await this.live.show(
      conversationId,
      members.map(({ userId }) => userId),
    );
  }

  async changed({ conversationId, rev }: DomainEvents['conversation.changed']): Promise<void> {
    const memberIds = await this.database.read((tx) => this.conversations.listMemberIds(tx, conversationId));
    await this.live.show(conversationId, memberIds, { rev });
  }

  seatChanged({ conversationId, userId, inboxRev }: DomainEvents['seat.changed']): Promise<void> {
    return this.live.showSeat(conversationId, userId, inboxRev);
  }
}
