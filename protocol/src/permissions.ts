import { z } from 'zod';

/** What somebody is in a conversation, from the most to the least. */
export const Role = z.enum(['owner', 'admin', 'moderator', 'member', 'guest']);
export type Role = z.infer<typeof Role>;

/** The lowest role that may do each thing in this conversation; in a direct one both people are members. */
export const Permissions = z
  .strictObject({
    /** Write messages, react. Everyone may vote. */
    post: Role,
    addParticipants: Role,
    /** Make invites, and let in who asks to join. */
    invite: Role,
    /** Remove, mute and ban people of a lower role. */
    removeParticipants: Role,
    pin: Role,
    editDetails: Role,
    mentionAll: Role,
    /** Delete what others wrote, for everyone, and see earlier versions of it. */
    moderateMessages: Role,
  })
  .meta({ id: 'Permissions' });
export type Permissions = z.infer<typeof Permissions>;
