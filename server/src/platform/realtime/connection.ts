/** One socket of a viewer, as handlers of client events know it: something to watch with, nothing to send through. */
export interface Connection {
  readonly id: string;
}

const CONVERSATION_TOPICS = ['conversation', 'receipts'] as const;
type ConversationTopicKind = (typeof CONVERSATION_TOPICS)[number];

/**
 * What a connection may watch: something that concerns a conversation, which ends with the viewer's place in it, or
 * something that concerns a person, which the features end. When people were last seen is told apart from whether they
 * are there, and to contacts apart from others: not everyone may know it.
 */
export type TopicKind = ConversationTopicKind | 'user' | 'last_seen' | 'last_seen_by_contacts';
export type Topic = `${TopicKind}:${string}`;

/** What comes with a seat alone; all else may be watched as long as more than that holds, such as what people show. */
export const isOfSeat = (topic: Topic): boolean => kindOf(topic) === 'conversation';

/** Every topic of a conversation. */
export const topicsOf = (conversationId: string): Topic[] =>
  CONVERSATION_TOPICS.map((kind): Topic => `${kind}:${conversationId}`);

/** What kind a topic is of. */
export const kindOf = (topic: Topic): string => topic.slice(0, topic.indexOf(':'));

/** Whom or what it is about, by id. */
export const subjectOf = (topic: Topic): string => topic.slice(topic.indexOf(':') + 1);

/** The conversation a topic belongs to, if it does to one. */
export const conversationOf = (topic: Topic): string | undefined =>
  CONVERSATION_TOPICS.some((kind) => kind === kindOf(topic)) ? subjectOf(topic) : undefined;
