import './conversation.events.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Participant } from '@parley/protocol';
import { Database } from '../platform/database/database.js';
import { type DomainEvents, Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { ConversationViews, toParticipant } from './conversation-views.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';

/** Tells sockets what has happened to their conversations. */
@Injectable()
export class ConversationsListener implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly service: ConversationsService,
    private readonly views: ConversationViews,
    private readonly realtime: Realtime,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    this.realtime.admitBy({ conversationsOf: (viewer) => this.service.idsOf(viewer) });
    this.events.on('conversation.changed', (event) => this.changed(event));
    this.events.on('participants.joined', (event) => this.joined(event));
    this.events.on('participant.changed', (event) => this.roleChanged(event));
    this.events.on('participant.left', (event) => this.left(event));
    this.events.on('seat.changed', (event) => this.seatChanged(event));
  }

  async changed({ conversationId }: DomainEvents['conversation.changed']): Promise<void> {
    const memberIds = await this.database.read((tx) => this.conversations.listMemberIds(tx, conversationId));
    await this.realtime.join(memberIds, conversationId);
    await this.#show(conversationId, memberIds);
  }

  async joined({ conversationId, userIds, notice }: DomainEvents['participants.joined']): Promise<void> {
    // At once, before anything is awaited: what is written next must not overtake it.
    this.realtime.toConversation(conversationId, 'new_message', notice);
    await this.#show(conversationId, userIds);
    for (const participant of await this.#participants(conversationId, userIds)) {
      this.realtime.toConversation(conversationId, 'participant_joined', { conversationId, participant });
    }
  }

  async roleChanged({ conversationId, userId, notice }: DomainEvents['participant.changed']): Promise<void> {
    this.realtime.toConversation(conversationId, 'new_message', notice);
    for (const participant of await this.#participants(conversationId, [userId])) {
      this.realtime.toConversation(conversationId, 'participant_updated', { conversationId, participant });
    }
    await this.#showSeat(conversationId, userId);
  }

  seatChanged({ conversationId, userId }: DomainEvents['seat.changed']): Promise<void> {
    return this.#showSeat(conversationId, userId);
  }

  left({ conversationId, userId, reason, notice, inboxRev }: DomainEvents['participant.left']): void {
    this.realtime.toUser(userId, 'conversation_removed', { conversationId, reason, inboxRev });
    this.realtime.toConversation(conversationId, 'new_message', notice);
    this.realtime.toConversation(conversationId, 'participant_left', { conversationId, userId, reason });
  }

  /** Shows the conversation, as each of these members sees it, to those who are connected. */
  async #show(conversationId: string, userIds: readonly string[]): Promise<void> {
    const online = [...(await this.realtime.onlineAmong(userIds))];
    if (online.length === 0) return;
    const seen = await this.database.snapshot(async (tx) => {
      const seats = await this.conversations.findSeats(tx, conversationId, online);
      const views = await this.views.of(tx, seats);
      return seats.map((seat, index) => ({ userId: seat.userId, view: views[index] }));
    });
    for (const { userId, view } of seen) {
      if (view) this.realtime.toUser(userId, 'conversation_updated', view);
    }
  }

  /** Shows a person their own place on all their devices. */
  async #showSeat(conversationId: string, userId: string): Promise<void> {
    if ((await this.realtime.onlineAmong([userId])).size === 0) return;
    const seen = await this.database.snapshot(async (tx) => {
      const seats = await this.conversations.findSeats(tx, conversationId, [userId]);
      const [me] = await this.views.seatsOf(tx, seats);
      return me && { conversationId, rev: seats[0]?.rev ?? 0, me };
    });
    if (seen) this.realtime.toUser(userId, 'seat_updated', seen);
  }

  #participants(conversationId: string, userIds: readonly string[]): Promise<Participant[]> {
    return this.database.read(async (tx) =>
      // For everyone at once, so without what only some may know.
      (await this.conversations.findParticipants(tx, conversationId, userIds)).map((row) => toParticipant(row, false)),
    );
  }
}
