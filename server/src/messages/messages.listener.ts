import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ConversationsService } from '../conversations/index.js';
import { type DomainEvents, Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { asSeenFrom } from '../timeline/index.js';

/** Tells everyone in a conversation of each message that is on disk, in order, and of what has become of it since. */
@Injectable()
export class MessagesListener implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
    private readonly conversations: ConversationsService,
  ) {}

  onModuleInit(): void {
    this.events.on('messages.appended', (messages) => {
      for (const message of messages) this.realtime.toConversation(message.conversationId, 'new_message', message);
    });
    this.events.on('message.changed', (event) => this.changed(event));
  }

  /** A message from before some members can read, or that quotes one, is shown to each member as they may see it. */
  async changed({ message, visibleFrom }: DomainEvents['message.changed']): Promise<void> {
    const { conversationId, rev } = message;
    const oldest = Math.min(message.seq, message.replyTo?.seq ?? message.seq);
    if (oldest >= visibleFrom) {
      this.realtime.toConversation(conversationId, 'message_updated', message);
      return;
    }
    const readers = await this.conversations.readersOf(conversationId);
    const online = await this.realtime.onlineAmong(readers.map(({ userId }) => userId));
    for (const reader of readers.filter(({ userId }) => online.has(userId))) {
      if (message.seq < reader.visibleFromSeq) {
        // Who counts the changes has to know of each.
        this.realtime.toMember(reader.userId, conversationId, 'conversation_moved', { conversationId, rev });
        continue;
      }
      const shown = asSeenFrom(message, reader.visibleFromSeq);
      this.realtime.toMember(reader.userId, conversationId, 'message_updated', shown);
    }
  }
}
