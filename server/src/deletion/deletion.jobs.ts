declare module '../platform/jobs/job-kinds.js' {
  interface JobPayloads {
    /** A conversation was deleted; what is left is to erase what was said in it. */
    conversation_erasure: { conversationId: string };
  }
}

export {};
