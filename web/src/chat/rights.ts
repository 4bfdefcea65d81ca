import type { Conversation, Role } from '@parley/sdk';

const ORDER: readonly Role[] = ['owner', 'admin', 'moderator', 'member', 'guest'];
type Right = keyof Conversation['permissions'];

/** Whether the reader's role is enough for something; the server has the last word. */
export const mayDo = ({ me, permissions }: Pick<Conversation, 'me' | 'permissions'>, right: Right): boolean =>
  isAtLeast(me.role, permissions[right]);

/** Whether a role is another or stands above it. */
export const isAtLeast = (role: Role, other: Role): boolean => ORDER.indexOf(role) <= ORDER.indexOf(other);

/** Whether a role stands above another. */
export const isAbove = (role: Role, other: Role): boolean => ORDER.indexOf(role) < ORDER.indexOf(other);
