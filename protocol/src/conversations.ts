import { z } from 'zod';
import { Id, line, Seq, text, Timestamp } from './scalars.js';
import { pageOf } from './pagination.js';
import { Message } from './messages.js';
import { User } from './users.js';

/** The most people a group can hold. */
export const GROUP_CAPACITY = 10_000;
/** The most people one request can bring into a group. */
export const ADD_LIMIT = 1_000;

export const Role = z.enum(['owner', 'admin', 'member']);
export type Role = z.infer<typeof Role>;

const Name = line({ max: 255 });
const Description = text({ min: 0, max: 2_000 });
const UserIds = z.array(Id).max(ADD_LIMIT);

/** A direct conversation exists once for each pair of people; a group belongs to who creates it. */
export const CreateConversation = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('direct'), participantIds: z.array(Id).length(1) }),
    z.strictObject({
      type: z.literal('group'),
      name: Name,
      description: Description.optional(),
      participantIds: UserIds,
    }),
  ])
  .meta({ id: 'CreateConversation' });
export type CreateConversation = z.infer<typeof CreateConversation>;

export const UpdateConversation = z
  .strictObject({ name: Name.optional(), description: Description.nullable().optional() })
  .meta({ id: 'UpdateConversation' });
export type UpdateConversation = z.infer<typeof UpdateConversation>;

export const AddParticipants = z.strictObject({ userIds: UserIds.min(1) }).meta({ id: 'AddParticipants' });
export type AddParticipants = z.infer<typeof AddParticipants>;
export const ChangeRole = z.strictObject({ role: Role }).meta({ id: 'ChangeRole' });
export type ChangeRole = z.infer<typeof ChangeRole>;

export const Participant = z
  .object({ userId: Id, user: User, role: Role, joinedAt: Timestamp })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof Participant>;
export const ParticipantPage = pageOf(Participant).meta({ id: 'ParticipantPage' });
export const ParticipantList = z.object({ items: z.array(Participant) }).meta({ id: 'ParticipantList' });
export type ParticipantList = z.infer<typeof ParticipantList>;

/** The lowest role that may do each thing in this conversation. */
export const Permissions = z.object({ post: Role, addParticipants: Role, removeParticipants: Role, editDetails: Role });
export type Permissions = z.infer<typeof Permissions>;

/** The caller's own place in a conversation. */
export const Seat = z
  .object({
    role: Role,
    joinedAt: Timestamp,
    lastReadSeq: Seq,
    lastDeliveredSeq: Seq,
    unreadCount: z.number().int().min(0),
    mentionCount: z.number().int().min(0),
    mutedUntil: Timestamp.nullable(),
    pinned: z.boolean(),
    archived: z.boolean(),
  })
  .meta({ id: 'Seat' });

/** A conversation as one of its members sees it. `peer` is the other person of a direct one. */
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
    permissions: Permissions,
    me: Seat,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;
export const ConversationPage = pageOf(Conversation).meta({ id: 'ConversationPage' });
