import { z } from 'zod';
import { Id, Timestamp } from './scalars.js';
import { pageOf } from './pagination.js';
import { Conversation } from './conversations.js';
import { User } from './users.js';

/** What an invite link carries: 256 bits, of which 128 are secret. */
export const InviteCode = z.string().regex(/^[\w-]{43}$/, 'must be the code of an invite');

/** Without `maxUses` and `expiresAt` an invite holds until it is revoked. */
export const CreateInvite = z
  .strictObject({
    maxUses: z.number().int().min(1).max(100_000).optional(),
    expiresAt: z.iso.datetime().optional(),
    /** Who comes with this invite has to be let in by somebody. */
    requiresApproval: z.boolean().default(false),
  })
  .meta({ id: 'CreateInvite' });
export type CreateInvite = z.infer<typeof CreateInvite>;

export const Invite = z
  .object({
    id: Id,
    code: z.string(),
    createdBy: Id,
    createdAt: Timestamp,
    expiresAt: Timestamp.nullable(),
    maxUses: z.number().int().nullable(),
    uses: z.number().int().min(0),
    requiresApproval: z.boolean(),
  })
  .meta({ id: 'Invite' });
export type Invite = z.infer<typeof Invite>;
export const InvitePage = pageOf(Invite).meta({ id: 'InvitePage' });

/** What an invite shows to who holds it before they join. */
export const InvitePreview = z
  .object({
    conversationId: Id,
    type: z.enum(['group', 'channel']),
    name: z.string().nullable(),
    description: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    memberCount: z.number().int(),
    requiresApproval: z.boolean(),
    isMember: z.boolean(),
  })
  .meta({ id: 'InvitePreview' });
export type InvitePreview = z.infer<typeof InvitePreview>;

/** The code may be left out where a conversation is open. */
export const JoinConversation = z.strictObject({ code: InviteCode.optional() }).meta({ id: 'JoinConversation' });
export type JoinConversation = z.infer<typeof JoinConversation>;

/** `joined` with the conversation, or `requested` when somebody has to let the caller in. */
export const JoinResult = z
  .object({ status: z.enum(['joined', 'requested']), conversation: Conversation.nullable() })
  .meta({ id: 'JoinResult' });
export type JoinResult = z.infer<typeof JoinResult>;

/** Somebody who asks to be let in. */
export const JoinRequest = z
  .object({ user: User, requestedAt: Timestamp, inviteId: Id.nullable() })
  .meta({ id: 'JoinRequest' });
export type JoinRequest = z.infer<typeof JoinRequest>;
export const JoinRequestPage = pageOf(JoinRequest).meta({ id: 'JoinRequestPage' });
