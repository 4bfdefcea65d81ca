import type { Permissions, Role } from '@parley/protocol';

/** What people do in a conversation that not everyone may. */
export type Action = keyof Permissions | 'changeRoles';

const RANK: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 };

/** The lowest role for each action. */
export const PERMISSIONS: Permissions = {
  post: 'member',
  addParticipants: 'admin',
  removeParticipants: 'admin',
  editDetails: 'admin',
};
const LOWEST: Readonly<Record<Action, Role>> = { ...PERMISSIONS, changeRoles: 'owner' };

export const mayDo = (role: Role, action: Action): boolean => RANK[role] >= RANK[LOWEST[action]];

/** Nobody removes a person of their own rank or above, except an owner. */
export const mayRemove = (actor: Role, target: Role): boolean =>
  mayDo(actor, 'removeParticipants') && (actor === 'owner' || RANK[actor] > RANK[target]);

/** Who becomes owner when the last one leaves: the admin, or else the member, who has been there longest. */
export function heirOf<P extends { readonly role: Role; readonly joinedAt: Date }>(others: readonly P[]): P | null {
  const byClaim = [...others].sort(
    (a, b) => RANK[b.role] - RANK[a.role] || a.joinedAt.getTime() - b.joinedAt.getTime(),
  );
  return byClaim[0] ?? null;
}

/** The key under which a pair of people has its one direct conversation. */
export const directKey = (a: string, b: string): string => [a, b].sort().join(':');
