import type { Message, Role } from '@parley/protocol';

declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** A conversation has begun, or its details have changed: everyone in it should see it anew. */
    'conversation.changed': { conversationId: string };
    'participants.joined': { conversationId: string; userIds: readonly string[]; notice: Message };
    'participant.changed': { conversationId: string; userId: string; role: Role; notice: Message };
    'participant.left': { conversationId: string; userId: string; reason: 'left' | 'removed'; notice: Message };
    /** A read mark has moved forward. */
    'receipt.moved': {
      conversationId: string;
      userId: string;
      lastReadSeq: number;
      lastDeliveredSeq: number;
      at: Date;
      /** Whether the reader lets others know. */
      isShared: boolean;
    };
  }
}

export {};
