/** One socket of a viewer, as handlers of client events know it: something to watch with, nothing to send through. */
export interface Connection {
  readonly id: string;
}

/**
 * What a connection may watch: something that concerns a conversation, which ends with the viewer's place in it, or
 * something that concerns a person.
 */
export type Topic = `conversation:${string}` | `user:${string}`;

/** The conversation a topic belongs to, if it does to one. */
export const conversationOf = (topic: Topic): string | undefined =>
  topic.startsWith('conversation:') ? topic.slice('conversation:'.length) : undefined;
