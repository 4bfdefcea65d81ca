import type { LeaveReason, Message, Role } from '@parley/protocol';

declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** A conversation has begun, or its details have changed: everyone in it should see it anew. */
    'conversation.changed': { conversationId: string };
    'participants.joined': { conversationId: string; userIds: readonly string[]; notice: Message };
    'participant.changed': { conversationId: string; userId: string; role: Role; notice: Message };
    'participant.left': {
      conversationId: string;
      userId: string;
      reason: LeaveReason;
      notice: Message;
      inboxRev: number;
    };
    /** A person's own place has changed: settings, draft, role; their other devices should see it. */
    'seat.changed': { tenantId: string; conversationId: string; userId: string };
  }
}

export {};
