import './revision.events.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';

/** Tells a person's other devices what they have deleted for themselves. */
@Injectable()
export class RevisionsListener implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  onModuleInit(): void {
    this.events.on('message.hidden', ({ userId, ...hidden }) => {
      this.realtime.toMember(userId, hidden.conversationId, 'message_hidden', hidden);
    });
  }
}
