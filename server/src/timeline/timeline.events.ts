import type { Message } from '@parley/protocol';

declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /**
     * Messages that are on disk, in the order of their positions within each conversation, as everyone in it may see
     * them: a quote that is older than the newest member is bare.
     */
    'messages.appended': readonly Message[];
    /** A message is now so; `visibleFrom` is where the newest member begins to read. */
    'message.changed': { message: Message; visibleFrom: number };
  }
}

export {};
