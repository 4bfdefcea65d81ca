declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** A person has deleted a message for themselves. */
    'message.hidden': { userId: string; conversationId: string; seq: number; inboxRev: number };
  }
}

export {};
