import './participant.events.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Participant } from '@parley/protocol';
import { ConversationsRepository, LiveViews, toParticipant } from '../conversations/index.js';
import { Database } from '../platform/database/database.js';
import { type DomainEvents, Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';

/** More newcomers than this at once are told by the notice alone, which names them: each would go to every member. */
const MOST_SHOWN = 20;

/** Tells sockets who has come, gone and become something else. */
@Injectable()
export class ParticipantsListener implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly live: LiveViews,
    private readonly realtime: Realtime,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    this.events.on('participants.joined', (event) => this.joined(event));
    this.events.on('participant.changed', (event) => this.changed(event));
    this.events.on('participant.left', (event) => this.left(event));
  }

  async joined({ conversationId, userIds, notice }: DomainEvents['participants.joined']): Promise<void> {
    // At once, before anything is awaited: what is written next must not overtake it.
    this.realtime.toConversation(conversationId, 'new_message', notice);
    await this.live.show(conversationId, userIds, { rev: notice.rev });
    if (userIds.length > MOST_SHOWN) return;
    for (const participant of await this.#participants(conversationId, userIds)) {
      this.realtime.toConversation(conversationId, 'participant_joined', { conversationId, participant });
    }
  }

  async changed(event: DomainEvents['participant.changed']): Promise<void> {
    const { conversationId, userId, notice, inboxRev } = event;
    this.realtime.toConversation(conversationId, 'new_message', notice);
    for (const participant of await this.#participants(conversationId, [userId])) {
      this.realtime.toConversation(conversationId, 'participant_updated', { conversationId, participant });
    }
    await this.live.showSeat(conversationId, userId, inboxRev);
  }

  left({ conversationId, userId, reason, notice, inboxRev }: DomainEvents['participant.left']): void {
    this.realtime.toUser(userId, 'conversation_removed', { conversationId, reason, inboxRev });
    this.realtime.toConversation(conversationId, 'new_message', notice);
    this.realtime.toConversation(conversationId, 'participant_left', { conversationId, userId, reason });
  }

  #participants(conversationId: string, userIds: readonly string[]): Promise<Participant[]> {
    return this.database.read(async (tx) =>
      // For everyone at once, so without what only some may know.
      (await this.conversations.findParticipants(tx, conversationId, userIds)).map((row) => toParticipant(row, false)),
    );
  }
}
