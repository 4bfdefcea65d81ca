import type { Message } from '@parley/protocol';

declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** Messages that are on disk, in the order of their positions within each conversation. */
    'messages.appended': readonly Message[];
  }
}

export {};
