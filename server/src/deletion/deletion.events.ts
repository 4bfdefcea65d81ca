declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** A conversation is gone for all who were in it; `inboxRev` counts that among each one's own changes. */
    'conversation.deleted': {
      conversationId: string;
      members: readonly { readonly userId: string; readonly inboxRev: number }[];
    };
  }
}

export {};
