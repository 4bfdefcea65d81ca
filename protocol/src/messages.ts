import { z } from 'zod';
import { Id, Json, Metadata, Seq, text, Timestamp } from './scalars.js';
import { Limit } from './pagination.js';

/** No configuration can allow longer texts than this; the server's own limit (16,384 by default) lies below. */
export const TEXT_CEILING = 65_536;

/** Chosen by the client, once for each message it means to send: a repeat returns the first message. */
export const ClientMessageId = text({ max: 128 });

export const MessageType = z.enum(['text', 'image', 'file', 'voice', 'video', 'system']);
export type MessageType = z.infer<typeof MessageType>;

const SentType = z.enum(['text']);

export const SendMessage = z
  .strictObject({
    conversationId: Id,
    clientMessageId: ClientMessageId.optional(),
    messageType: SentType.default('text'),
    content: text({ max: TEXT_CEILING }),
    metadata: Metadata.optional(),
  })
  .meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof SendMessage>;

/** Over a socket the key is required: without it a client could not repeat after a lost acknowledgement. */
export const SendMessageEvent = SendMessage.required({ clientMessageId: true });

/** What a system message says of the conversation, in `metadata` (`content` is null). */
export const SystemMetadata = z.discriminatedUnion('event', [
  z.object({ event: z.literal('participants_added'), userIds: z.array(Id) }),
  z.object({ event: z.literal('participant_left'), userId: Id }),
  z.object({ event: z.literal('participant_removed'), userId: Id }),
  z.object({ event: z.literal('role_changed'), userId: Id, role: z.enum(['owner', 'admin', 'member']) }),
]);
export type SystemMetadata = z.infer<typeof SystemMetadata>;

export const Reaction = z.object({ emoji: z.string(), count: z.number().int(), userIds: z.array(Id) });

/** One message. `rev` is the conversation's change counter when this message last changed. */
export const Message = z
  .object({
    id: Id,
    conversationId: Id,
    seq: Seq,
    rev: Seq,
    senderId: Id,
    clientMessageId: z.string().nullable(),
    messageType: MessageType,
    content: z.string().nullable(),
    metadata: z.record(z.string(), Json),
    attachments: z.array(Json),
    replyTo: Json.nullable(),
    reactions: z.array(Reaction),
    mentions: z.array(Json),
    isEdited: z.boolean(),
    editedAt: Timestamp.nullable(),
    deletedAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** Acknowledgement of `send_message`, given only once the row is on disk. */
export const Sent = Message.pick({ id: true, seq: true, rev: true, createdAt: true }).extend({
  clientMessageId: z.string(),
});
export type Sent = z.infer<typeof Sent>;

const Position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** At most one of `before`, `after` (both exclusive) and `around` (inclusive); none means the newest page. */
export const HistoryQuery = z
  .strictObject({
    before: Position.optional(),
    after: Position.optional(),
    around: Position.optional(),
    limit: Limit,
  })
  .refine((query) => [query.before, query.after, query.around].filter((at) => at !== undefined).length <= 1, {
    message: 'only one of before, after and around can be given',
  });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** A stretch of history in ascending order of `seq`. */
export const MessagePage = z
  .object({ items: z.array(Message), hasMoreBefore: z.boolean(), hasMoreAfter: z.boolean() })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

/** Everything up to and including this message has been read; a mark never moves back. */
export const MarkRead = z
  .strictObject({ conversationId: Id, seq: Seq.optional(), messageId: Id.optional() })
  .refine((mark) => (mark.seq === undefined) !== (mark.messageId === undefined), {
    message: 'exactly one of seq and messageId must be given',
  })
  .meta({ id: 'MarkRead' });
export type MarkRead = z.infer<typeof MarkRead>;

export const ReadMark = z.object({ lastReadSeq: Seq, unreadCount: z.number().int().min(0) }).meta({ id: 'ReadMark' });
export type ReadMark = z.infer<typeof ReadMark>;
