import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';

/** Tells everyone in a conversation of each message that is on disk, in order. */
@Injectable()
export class MessagesListener implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  onModuleInit(): void {
    this.events.on('messages.appended', (messages) => {
      for (const message of messages) this.realtime.toConversation(message.conversationId, 'new_message', message);
    });
  }
}
