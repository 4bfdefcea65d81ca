import { type Conversation, Permissions, Role, type UpdateConversation } from '@parley/protocol';

/** What people do in a conversation that not everyone may. */
export type Action = keyof Permissions | keyof typeof FIXED;

type ConversationType = Conversation['type'];

const RANK: Readonly<Record<Role, number>> = { guest: 0, member: 1, moderator: 2, admin: 3, owner: 4 };

/** From the most to the least. */
export const ROLES: readonly Role[] = Role.options;

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

/** What no conversation can change. `changeSettings` is for what decides about others: see `RIGHT_TO_SET`. */
const FIXED = {
  changeRoles: 'admin',
  changeSettings: 'admin',
  transferOwnership: 'owner',
  deleteConversation: 'owner',
} as const satisfies Record<string, Role>;

const PERMISSIONS = Object.keys(Permissions.shape) as (keyof Permissions)[];

/** Every action, for the table of who may do what. */
export const ACTIONS: readonly Action[] = [...PERMISSIONS, ...(Object.keys(FIXED) as (keyof typeof FIXED)[])];

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
  const lowest = isFixed(action) ? FIXED[action] : permissionsOf(type, permissions)[action];
  return RANK[role] >= RANK[lowest];
}

const isFixed = (action: Action): action is keyof typeof FIXED => action in FIXED;

/** Everyone's roles, for what is decided for all members at once. */
export const rolesThatMay = (conversation: Omit<Standing, 'role'>, action: Action): Role[] =>
  ROLES.filter((role) => mayDo({ ...conversation, role }, action));

/** Which right a change of a conversation takes: its details, or what decides about its people. */
const RIGHT_TO_SET: Readonly<Record<keyof UpdateConversation, Action>> = {
  name: 'editDetails',
  description: 'editDetails',
  messageTtl: 'editDetails',
  permissions: 'changeSettings',
  historyVisibility: 'changeSettings',
  joinPolicy: 'changeSettings',
  slowModeSeconds: 'changeSettings',
};

/** The rights that a change takes, each once. */
export const rightsToSet = (input: UpdateConversation): Action[] => [
  ...new Set((Object.keys(input) as (keyof UpdateConversation)[]).map((key) => RIGHT_TO_SET[key])),
];

/** Nobody puts a right out of their own reach, or into it: what is changed lies at or below their role before and after. */
export function maySetPermissions({ type, permissions, role }: Standing, change: Partial<Permissions>): boolean {
  const before = permissionsOf(type, permissions);
  const after = permissionsOf(type, { ...permissions, ...change });
  const changed = PERMISSIONS.filter((key) => before[key] !== after[key]);
  return changed.every((key) => RANK[before[key]] <= RANK[role] && RANK[after[key]] <= RANK[role]);
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
