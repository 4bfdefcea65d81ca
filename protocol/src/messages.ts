import { z } from 'zod';
import { TEXT_CEILING } from './constants.js';
import { Role } from './permissions.js';
import { Id, Json, line, Metadata, Seq, text, Timestamp, words } from './scalars.js';
import { Limit, PageQuery, pageOf } from './pagination.js';
import { User } from './users.js';

/** The most different emojis one message can carry. */
export const EMOJIS_PER_MESSAGE = 20;
/** How many of those who reacted or voted a message names; the rest are counted. */
export const NAMED_USERS = 20;
/** The most people one message can mention by name. */
export const MENTIONS_PER_MESSAGE = 50;
/** The most messages a conversation can have pinned. */
export const PINS_PER_CONVERSATION = 100;

/** Chosen by the client, once for each message it means to send: a repeat returns the first message. */
export const ClientMessageId = text({ max: 128 });

export const MessageType = z.enum([
  'text',
  'image',
  'file',
  'voice',
  'video',
  'location',
  'contact',
  'link',
  'poll',
  'system',
]);
export type MessageType = z.infer<typeof MessageType>;

const SentType = z.enum(['text', 'location', 'contact', 'link', 'poll']);

const WebAddress = z.url({ protocol: /^https?$/, hostname: z.regexes.domain }).max(2_048);

/** `metadata` of a message of type `location`: WGS 84 degrees, accuracy in metres. */
export const LocationMetadata = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  accuracy: z.number().min(0).max(100_000).optional(),
  name: line({ max: 255 }).optional(),
  address: line({ max: 500 }).optional(),
});

/** `metadata` of a message of type `contact`; `userId` when the contact has an account here. */
export const ContactMetadata = z
  .strictObject({
    name: line({ max: 200 }),
    phones: z
      .array(line({ max: 32 }))
      .max(10)
      .optional(),
    emails: z
      .array(line({ max: 254 }))
      .max(10)
      .optional(),
    userId: Id.optional(),
  })
  .refine((card) => Boolean(card.phones?.length || card.emails?.length || card.userId), {
    message: 'must hold a phone number, an e-mail address or a user',
  });

/** `metadata` of a message of type `link`. */
export const LinkMetadata = z.strictObject({
  url: WebAddress,
  title: line({ max: 300 }).optional(),
  description: text({ max: 1_000 }).optional(),
});

/** `metadata` of a message of type `poll`; options are numbered from 0 in this order. */
export const PollMetadata = z
  .strictObject({
    question: line({ max: 300 }),
    options: z
      .array(line({ max: 100 }))
      .min(2)
      .max(12),
    multiple: z.boolean().default(false),
    anonymous: z.boolean().default(false),
    closesAt: z.iso.datetime().optional(),
  })
  .refine((poll) => new Set(poll.options).size === poll.options.length, {
    message: 'must differ from one another',
    path: ['options'],
  });
export type PollMetadata = z.infer<typeof PollMetadata>;

/** What `metadata` must be where the type of the message says so; a text may carry anything. */
const METADATA_OF = {
  location: LocationMetadata,
  contact: ContactMetadata,
  link: LinkMetadata,
  poll: PollMetadata,
} as const;

const Content = words({ max: TEXT_CEILING });

const SendMessageFields = z.strictObject({
  conversationId: Id,
  clientMessageId: ClientMessageId.optional(),
  messageType: SentType.default('text'),
  /** The text; a caption where the type has `metadata` of its own. */
  content: Content.optional(),
  replyToId: Id.optional(),
  metadata: Metadata.optional(),
});

/** Checks what depends on the type of the message. */
function checkByType(message: z.infer<typeof SendMessageFields>, ctx: z.RefinementCtx): void {
  if (message.messageType === 'text') {
    if (message.content === undefined) ctx.addIssue({ code: 'custom', path: ['content'], message: 'must be given' });
    return;
  }
  const result = METADATA_OF[message.messageType].safeParse(message.metadata ?? {});
  for (const { path, message: fault } of result.error?.issues ?? []) {
    ctx.addIssue({ code: 'custom', path: ['metadata', ...path], message: fault });
  }
}

export const SendMessage = SendMessageFields.superRefine(checkByType).meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof SendMessage>;

/** Over a socket the key is required: without it a client could not repeat after a lost acknowledgement. */
export const SendMessageEvent = SendMessageFields.required({ clientMessageId: true }).superRefine(checkByType);

export const EditMessage = z.strictObject({ content: Content }).meta({ id: 'EditMessage' });
export type EditMessage = z.infer<typeof EditMessage>;
export const EditMessageEvent = EditMessage.extend({ messageId: Id });

/** `everyone` leaves a tombstone that all can see, `me` hides the message from the caller alone. */
export const DeleteFor = z.enum(['everyone', 'me']);
export type DeleteFor = z.infer<typeof DeleteFor>;
export const DeleteQuery = z.strictObject({ for: DeleteFor.default('everyone') });
export type DeleteQuery = z.infer<typeof DeleteQuery>;
export const DeleteMessageEvent = DeleteQuery.extend({ messageId: Id });

const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** One emoji as Unicode recommends it for interchange (RGI, UTS #51): a flag or a family is one, a letter none. */
export const Emoji = z
  .string()
  .min(1)
  .max(64)
  .refine((value) => EMOJI.test(value), { message: 'must be one emoji' });
export const React = z.strictObject({ emoji: Emoji }).meta({ id: 'React' });
export type React = z.infer<typeof React>;
/** `remove` takes the caller's reaction with this emoji back. */
export const ReactEvent = React.extend({ messageId: Id, remove: z.boolean().default(false) });
export type ReactEvent = z.infer<typeof ReactEvent>;

/** Where to pass a message on to; the same `clientMessageId` again is the same message. */
export const ForwardMessage = z
  .strictObject({ conversationId: Id, clientMessageId: ClientMessageId.optional() })
  .meta({ id: 'ForwardMessage' });
export type ForwardMessage = z.infer<typeof ForwardMessage>;

/** The caller's whole vote: numbers of options; none takes the vote back. */
export const Vote = z.strictObject({ options: z.array(z.number().int().min(0).max(11)).max(12) }).meta({ id: 'Vote' });
export type Vote = z.infer<typeof Vote>;

/** What a system message says of the conversation, in `metadata` (`content` is null). */
export const SystemMetadata = z.discriminatedUnion('event', [
  z.object({ event: z.literal('participants_added'), userIds: z.array(Id) }),
  z.object({ event: z.literal('participant_joined'), userId: Id }),
  z.object({ event: z.literal('participant_left'), userId: Id }),
  z.object({ event: z.literal('participant_removed'), userId: Id }),
  z.object({ event: z.literal('participant_banned'), userId: Id }),
  z.object({ event: z.literal('participant_muted'), userId: Id, until: Timestamp.nullable() }),
  z.object({ event: z.literal('role_changed'), userId: Id, role: Role }),
  z.object({ event: z.literal('message_ttl_changed'), messageTtl: z.number().int().nullable() }),
]);
export type SystemMetadata = z.infer<typeof SystemMetadata>;

export const Reaction = z.object({ emoji: z.string(), count: z.number().int(), userIds: z.array(Id) });
export type Reaction = z.infer<typeof Reaction>;

/** Who is meant by a stretch of the text (UTF-16 offsets); `userId` is null where everyone is meant (`@all`). */
export const Mention = z.object({
  userId: Id.nullable(),
  offset: z.number().int().min(0),
  length: z.number().int().min(1),
});
export type Mention = z.infer<typeof Mention>;

/**
 * The message that a reply answers, as it is now: `content` is its beginning. A reader who may not see that message is
 * told only that there is one (`senderId`, `messageType` and `content` are null).
 */
export const Quote = z
  .object({
    id: Id,
    seq: Seq,
    senderId: Id.nullable(),
    messageType: MessageType.nullable(),
    content: z.string().nullable(),
    deletedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof Quote>;

/** Who wrote a forwarded message first and when; `hops` counts how often it has been passed on. */
export const ForwardOrigin = z
  .object({ senderId: Id, createdAt: Timestamp, hops: z.number().int().min(1) })
  .meta({ id: 'ForwardOrigin' });
export type ForwardOrigin = z.infer<typeof ForwardOrigin>;

/** How a poll stands: `counts` by number of option; `userIds` (the first 20 of each) are empty in an anonymous poll. */
export const PollState = z
  .object({
    counts: z.array(z.number().int().min(0)),
    userIds: z.array(z.array(Id)),
    voters: z.number().int().min(0),
    closedAt: Timestamp.nullable(),
  })
  .meta({ id: 'PollState' });
export type PollState = z.infer<typeof PollState>;

/**
 * One message. `rev` is the conversation's change counter when this message last changed. Fields that few messages have
 * are left out where they do not apply.
 */
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
    replyTo: Quote.nullable(),
    reactions: z.array(Reaction),
    mentions: z.array(Mention),
    isEdited: z.boolean(),
    editedAt: Timestamp.nullable(),
    deletedAt: Timestamp.nullable(),
    createdAt: Timestamp,
    /** Position of the message that began the thread this one belongs to. */
    threadSeq: Seq.optional(),
    forwardedFrom: ForwardOrigin.optional(),
    poll: PollState.optional(),
    pinned: z.object({ by: Id, at: Timestamp }).optional(),
    /** When the message disappears. */
    expiresAt: Timestamp.optional(),
    /** The reader has deleted this message for themselves: nothing of it is shown. */
    isHidden: z.literal(true).optional(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** Acknowledgement of `send_message`, given only once the row is on disk. */
export const Sent = Message.pick({ id: true, seq: true, rev: true, createdAt: true }).extend({
  clientMessageId: z.string(),
});
export type Sent = z.infer<typeof Sent>;

/** Acknowledgement of a change to a message. */
export const Changed = Message.pick({ seq: true, rev: true });
export type Changed = z.infer<typeof Changed>;

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
export const MessageList = z.object({ items: z.array(Message) }).meta({ id: 'MessageList' });
export type MessageList = z.infer<typeof MessageList>;

/**
 * The replies below a message, oldest first; `after` is the `seq` of the last one known. `replyCount` counts those that
 * have not been deleted.
 */
export const ThreadQuery = z.strictObject({ after: Position.default(0), limit: Limit });
export type ThreadQuery = z.infer<typeof ThreadQuery>;
export const Thread = z
  .object({ root: Message, items: z.array(Message), replyCount: z.number().int().min(0), hasMoreAfter: z.boolean() })
  .meta({ id: 'Thread' });
export type Thread = z.infer<typeof Thread>;

/** What an edited message said before, oldest first; `writtenAt` is when that version was written. */
export const MessageVersion = z.object({ content: z.string(), writtenAt: Timestamp }).meta({ id: 'MessageVersion' });
export type MessageVersion = z.infer<typeof MessageVersion>;
export const MessageVersionList = z.object({ items: z.array(MessageVersion) }).meta({ id: 'MessageVersionList' });
export type MessageVersionList = z.infer<typeof MessageVersionList>;

/** Everyone who reacted, in order of time, with one emoji or any. */
export const ReactorQuery = PageQuery.extend({ emoji: Emoji.optional() });
export type ReactorQuery = z.infer<typeof ReactorQuery>;
export const Reactor = z.object({ emoji: z.string(), user: User, reactedAt: Timestamp }).meta({ id: 'Reactor' });
export type Reactor = z.infer<typeof Reactor>;
export const ReactorPage = pageOf(Reactor).meta({ id: 'ReactorPage' });

/** The caller's own vote, which an anonymous poll shows to nobody else. */
export const OwnVote = z.object({ options: z.array(z.number().int()) }).meta({ id: 'OwnVote' });
export type OwnVote = z.infer<typeof OwnVote>;

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

/** Everything up to and including this message has reached a device of the caller. */
export const MarkDelivered = z.strictObject({ conversationId: Id, seq: Seq }).meta({ id: 'MarkDelivered' });
export type MarkDelivered = z.infer<typeof MarkDelivered>;
export const DeliveredMark = z.object({ lastDeliveredSeq: Seq }).meta({ id: 'DeliveredMark' });
export type DeliveredMark = z.infer<typeof DeliveredMark>;

/** What has become of a message for one of its recipients, and since when; `at` is when it was sent until then. */
export const DeliveryStatus = z
  .object({ userId: Id, status: z.enum(['sent', 'delivered', 'read']), at: Timestamp })
  .meta({ id: 'DeliveryStatus' });
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;
export const DeliveryStatusPage = pageOf(DeliveryStatus).meta({ id: 'DeliveryStatusPage' });
