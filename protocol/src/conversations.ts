import { z } from 'zod';
import { Id, line, Seq, text, Timestamp } from './scalars.js';
import { PageQuery, pageOf } from './pagination.js';
import { TEXT_CEILING } from './constants.js';
import { Message } from './messages.js';
import { Permissions, Role } from './permissions.js';
import { User } from './users.js';

/** The most people a group can hold. */
export const GROUP_CAPACITY = 10_000;
/** The most people one request can bring into a group. */
export const ADD_LIMIT = 1_000;

const Name = line({ max: 255 });
const Description = text({ min: 0, max: 2_000 });
const UserIds = z.array(Id).max(ADD_LIMIT);

/** What newcomers can read: everything, or what was written from when they joined. */
export const HistoryVisibility = z.enum(['all', 'joined']);
export type HistoryVisibility = z.infer<typeof HistoryVisibility>;
/** How people come in by themselves: with an invite, with one and an approval, or as they like. */
export const JoinPolicy = z.enum(['invite', 'approval', 'open']);
export type JoinPolicy = z.infer<typeof JoinPolicy>;
/** Seconds after which a message disappears: from 5 seconds to a year. */
const MessageTtl = z.number().int().min(5).max(31_622_400);
/** Seconds a member has to wait between two messages: up to six hours; 0 switches it off. */
const SlowMode = z.number().int().min(0).max(21_600);

/** What a group or channel can be set to; a direct conversation has only `messageTtl`. */
const Settings = {
  permissions: Permissions.partial().optional(),
  historyVisibility: HistoryVisibility.optional(),
  joinPolicy: JoinPolicy.optional(),
  slowModeSeconds: SlowMode.optional(),
  messageTtl: MessageTtl.nullable().optional(),
};

const shared = (type: 'group' | 'channel') =>
  z.strictObject({
    type: z.literal(type),
    name: Name,
    description: Description.optional(),
    participantIds: UserIds,
    ...Settings,
  });

/**
 * A direct conversation exists once for each pair of people; a group belongs to who creates it; a channel is a group in
 * which few write and many read.
 */
export const CreateConversation = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('direct'), participantIds: z.array(Id).length(1) }),
    shared('group'),
    shared('channel'),
  ])
  .meta({ id: 'CreateConversation' });
export type CreateConversation = z.infer<typeof CreateConversation>;

/** Fields left out stay as they are. */
export const UpdateConversation = z
  .strictObject({ name: Name.optional(), description: Description.nullable().optional(), ...Settings })
  .meta({ id: 'UpdateConversation' });
export type UpdateConversation = z.infer<typeof UpdateConversation>;

export const AddParticipants = z.strictObject({ userIds: UserIds.min(1) }).meta({ id: 'AddParticipants' });
export type AddParticipants = z.infer<typeof AddParticipants>;
export const ChangeRole = z.strictObject({ role: Role }).meta({ id: 'ChangeRole' });
export type ChangeRole = z.infer<typeof ChangeRole>;
export const TransferOwnership = z.strictObject({ userId: Id }).meta({ id: 'TransferOwnership' });
export type TransferOwnership = z.infer<typeof TransferOwnership>;

/** Until when a member may not write; null lets them write again. */
export const MuteParticipant = z.strictObject({ until: z.iso.datetime().nullable() }).meta({ id: 'MuteParticipant' });
export type MuteParticipant = z.infer<typeof MuteParticipant>;

export const BanParticipant = z.strictObject({ reason: line({ max: 300 }).optional() }).meta({ id: 'BanParticipant' });
export type BanParticipant = z.infer<typeof BanParticipant>;
/** Somebody who was put out and cannot come back until the ban is lifted. */
export const Ban = z
  .object({ user: User, bannedBy: Id, bannedAt: Timestamp, reason: z.string().nullable() })
  .meta({ id: 'Ban' });
export type Ban = z.infer<typeof Ban>;
export const BanPage = pageOf(Ban).meta({ id: 'BanPage' });

/**
 * One member as the others see them. `lastReadSeq` is null where the member, or whoever asks, keeps receipts private.
 */
export const Participant = z
  .object({
    userId: Id,
    user: User,
    role: Role,
    joinedAt: Timestamp,
    lastDeliveredSeq: Seq,
    lastReadSeq: Seq.nullable(),
    silencedUntil: Timestamp.nullable(),
  })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof Participant>;
/** Whom to list; with `q` only those of whose user name it is the beginning, or of a word of their name, accents aside. */
export const ParticipantQuery = PageQuery.extend({ q: text({ max: 100 }).optional() });
export type ParticipantQuery = z.infer<typeof ParticipantQuery>;
export const ParticipantPage = pageOf(Participant).meta({ id: 'ParticipantPage' });
export const ParticipantList = z.object({ items: z.array(Participant) }).meta({ id: 'ParticipantList' });
export type ParticipantList = z.infer<typeof ParticipantList>;

/** The caller's own settings of a conversation; fields left out stay. `markedUnread` ends with the next reading. */
export const UpdatePreferences = z
  .strictObject({
    mutedUntil: z.iso.datetime().nullable().optional(),
    pinned: z.boolean().optional(),
    archived: z.boolean().optional(),
    markedUnread: z.boolean().optional(),
  })
  .meta({ id: 'UpdatePreferences' });
export type UpdatePreferences = z.infer<typeof UpdatePreferences>;

/** What the caller has begun to write; an empty `content` removes the draft. */
export const SaveDraft = z
  .strictObject({ content: text({ min: 0, max: TEXT_CEILING }), replyToId: Id.optional() })
  .meta({ id: 'SaveDraft' });
export type SaveDraft = z.infer<typeof SaveDraft>;
export const MessageDraft = z
  .object({ content: z.string(), replyToId: Id.nullable(), updatedAt: Timestamp })
  .meta({ id: 'MessageDraft' });
export type MessageDraft = z.infer<typeof MessageDraft>;

/** The caller's own place in a conversation. `rev` is the caller's inbox counter when it last changed. */
export const Seat = z
  .object({
    rev: Seq,
    role: Role,
    joinedAt: Timestamp,
    /** The first message the caller can read. */
    visibleFromSeq: Seq,
    lastReadSeq: Seq,
    lastDeliveredSeq: Seq,
    unreadCount: z.number().int().min(0),
    mentionCount: z.number().int().min(0),
    markedUnread: z.boolean(),
    mutedUntil: Timestamp.nullable(),
    silencedUntil: Timestamp.nullable(),
    pinned: z.boolean(),
    archived: z.boolean(),
    draft: MessageDraft.nullable(),
  })
  .meta({ id: 'Seat' });
export type Seat = z.infer<typeof Seat>;

/** How far somebody has received and read, as others may know it. */
export const ReceiptMarks = z.object({ lastDeliveredSeq: Seq, lastReadSeq: Seq });
export type ReceiptMarks = z.infer<typeof ReceiptMarks>;

/**
 * A conversation as one of its members sees it. `peer` is the other person of a direct one, `peerMarks` how far they
 * have received and read.
 */
export const Conversation = z
  .object({
    id: Id,
    type: z.enum(['direct', 'group', 'channel']),
    name: z.string().nullable(),
    description: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    createdBy: Id,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    memberCount: z.number().int(),
    lastSeq: Seq,
    rev: Seq,
    lastMessage: Message.nullable(),
    peer: User.nullable(),
    peerMarks: ReceiptMarks.nullable(),
    permissions: Permissions,
    historyVisibility: HistoryVisibility,
    joinPolicy: JoinPolicy,
    slowModeSeconds: z.number().int(),
    messageTtl: z.number().int().nullable(),
    me: Seat,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;
export const ConversationPage = pageOf(Conversation).meta({ id: 'ConversationPage' });
