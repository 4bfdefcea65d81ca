import { isVisible, type Privacy, type User } from '@parley/protocol';

/** What holds for a new account until its owner says otherwise. */
export const DEFAULT_PRIVACY: Privacy = {
  lastSeen: 'everyone',
  profilePhoto: 'everyone',
  readReceipts: true,
  addToGroups: 'everyone',
};

type Names = Pick<User, 'username' | 'firstName' | 'lastName'>;

/** The name people go by and are found by; who has one name has an empty last name. */
export const fullName = ({ firstName, lastName }: Omit<Names, 'username'>): string => `${firstName} ${lastName}`.trim();

/** The name shown to others: the user name where nothing of the full one can be seen, as some that were given once. */
export function displayName(names: Names): string {
  const name = fullName(names);
  return isVisible(name) ? name : `@${names.username}`;
}
