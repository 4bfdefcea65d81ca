declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** A conversation has begun: everyone in it should see it. `inboxRev` counts this for each of them. */
    'conversation.begun': { conversationId: string; members: readonly { userId: string; inboxRev: number }[] };
    /** Details or settings have changed; `rev` counts this change. */
    'conversation.changed': { conversationId: string; rev: number };
    /** A person's own place has changed: settings, draft, counts; their other devices should see it. `inboxRev` counts this. */
    'seat.changed': { tenantId: string; conversationId: string; userId: string; inboxRev: number };
  }
}

export {};
