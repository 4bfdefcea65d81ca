import { type Conversation, Permissions, type Role } from '@parley/protocol';

/** What people do in a conversation that not everyone may. */
export type Action = keyof Permissions | 'changeRoles' | 'deleteConversation';

type ConversationType = Conversation['type'];

const RANK: Readonly<Record<Role, number>> = { guest: 0, member: 1, moderator: 2, admin: 3, owner: 4 };

/** The lowest role for each action until a conversation says otherwise. */
const DEFAULTS: Readonly<Record<ConversationType, Permissions>> = {
  // Both people of a direct conversation are members, and equals in everything that can be done in one.
  direct: {
    post: 'member',
    addParticipants: 'owner',
    invite: 'owner',
    removeParticipants: 'owner',
    pin: 'member',
    editDetails: 'member',
    mentionAll: 'member',
    moderateMessages: 'owner',
  },
  group: {
    post: 'guest',
    addParticipants: 'admin',
    invite: 'admin',
    removeParticipants: 'moderator',
    pin: 'moderator',
    editDetails: 'admin',
    mentionAll: 'moderator',
    moderateMessages: 'moderator',
  },
  channel: {
    post: 'admin',
    addParticipants: 'admin',
    invite: 'admin',
    removeParticipants: 'moderator',
    pin: 'admin',
    editDetails: 'admin',
    mentionAll: 'admin',
    moderateMessages: 'moderator',
  },
};

/** What no conversation can change. */
const FIXED = { changeRoles: 'admin', deleteConversation: 'owner' } as const satisfies Partial<Record<Action, Role>>;

/** Every action, for the table of who may do what. */
export const ACTIONS: readonly Action[] = [
  ...(Object.keys(Permissions.shape) as (keyof Permissions)[]),
  ...(Object.keys(FIXED) as (keyof typeof FIXED)[]),
];

/** What holds in a conversation: its own settings over those of its type. */
export const permissionsOf = (type: ConversationType, own: Partial<Permissions>): Permissions => ({
  ...DEFAULTS[type],
  ...own,
});

/** What a decision is made from: the conversation's type and settings, and the role of who wants to act. */
export interface Standing {
  readonly type: ConversationType;
  readonly permissions: Partial<Permissions>;
  readonly role: Role;
}

export function mayDo({ type, permissions, role }: Standing, action: Action): boolean {
  const lowest =
    action === 'changeRoles' || action === 'deleteConversation'
      ? FIXED[action]
      : permissionsOf(type, permissions)[action];
  return RANK[role] >= RANK[lowest];
}

/** Nobody acts against a person of their own rank or above, except an owner. */
export const mayActOn = (actor: Role, target: Role): boolean => actor === 'owner' || RANK[actor] > RANK[target];

/** A role can be given or taken by who stands above both the old and the new one; owners may do anything. */
export const mayGiveRole = (actor: Role, from: Role, to: Role): boolean => mayActOn(actor, from) && mayActOn(actor, to);

/** Who becomes owner when the last one leaves: of the highest role there is, who has been there longest. */
export function heirOf<P extends { readonly role: Role; readonly joinedAt: Date }>(others: readonly P[]): P | null {
  const byClaim = [...others].sort(
    (a, b) => RANK[b.role] - RANK[a.role] || a.joinedAt.getTime() - b.joinedAt.getTime(),
  );
  return byClaim[0] ?? null;
}

/** The key under which a pair of people has its one direct conversation. */
export const directKey = (a: string, b: string): string => [a, b].sort().join(':');
