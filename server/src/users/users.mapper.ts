import type { Profile, User } from '@parley/protocol';
import type { UserEntity } from './user.entity.js';
import { displayName } from './user.rules.js';

/** The columns that make up what others see. */
export type PublicUserRow = Pick<UserEntity, 'id' | 'username' | 'firstName' | 'lastName' | 'avatarUrl'>;

/** What others see of a person. */
export const toUser = (row: PublicUserRow): User => ({
  id: row.id,
  username: row.username,
  firstName: row.firstName,
  lastName: row.lastName,
  displayName: displayName(row.firstName, row.lastName),
  avatarUrl: row.avatarUrl,
});

/** What a person sees of their own account; a status that has expired is shown as none. */
export function toProfile(row: UserEntity, now: Date): Profile {
  const hasExpired = row.statusExpiresAt !== null && row.statusExpiresAt <= now;
  return {
    ...toUser(row),
    email: row.email ?? '',
    phone: row.phone,
    status: hasExpired
      ? { status: 'online', text: null, expiresAt: null }
      : { status: row.availability, text: row.statusText, expiresAt: row.statusExpiresAt?.toISOString() ?? null },
    privacy: row.privacy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
