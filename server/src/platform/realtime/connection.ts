/** One socket of a viewer, as handlers of client events know it: something to watch with, nothing to send through. */
export interface Connection {
  readonly id: string;
}

/**
 * What a connection may watch: something that concerns a conversation, which ends with the viewer's place in it, or
 * something that concerns a person.
 */
export type Topic = ConversationTopic | `user:${string}`;
type ConversationTopic = `conversation:${string}` | `receipts:${string}`;

/** Every topic of a conversation. */
export const topicsOf = (conversationId: string): ConversationTopic[] => [
  `conversation:${conversationId}`,
  `receipts:${conversationId}`,
];

/** The conversation a topic belongs to, if it does to one. */
export const conversationOf = (topic: Topic): string | undefined =>
  topic.startsWith('user:') ? undefined : topic.slice(topic.indexOf(':') + 1);
