import type { Privacy } from '@parley/protocol';

/** What holds for a new account until its owner says otherwise. */
export const DEFAULT_PRIVACY: Privacy = {
  lastSeen: 'everyone',
  profilePhoto: 'everyone',
  readReceipts: true,
  addToGroups: 'everyone',
};

/** The name shown to others; people with one name have an empty last name. */
export const displayName = (firstName: string, lastName: string): string => `${firstName} ${lastName}`.trim();
