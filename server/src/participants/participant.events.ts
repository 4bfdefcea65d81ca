import type { LeaveReason, Message } from '@parley/protocol';

declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    'participants.joined': { conversationId: string; userIds: readonly string[]; notice: Message };
    /** A member is now so: their role, or whether they may write. `inboxRev` counts it among their own changes. */
    'participant.changed': { conversationId: string; userId: string; notice: Message; inboxRev: number };
    'participant.left': {
      conversationId: string;
      userId: string;
      reason: LeaveReason;
      notice: Message;
      inboxRev: number;
    };
  }
}

export {};
