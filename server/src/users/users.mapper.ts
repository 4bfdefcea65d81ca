import type { Profile, Status, User } from '@parley/protocol';
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
  displayName: displayName(row),
  avatarUrl: row.avatarUrl,
});

/** What a person says of themselves; a status that has expired is none. */
export function statusOf(row: Pick<UserEntity, 'availability' | 'statusText' | 'statusExpiresAt'>, now: Date): Status {
  const hasExpired = row.statusExpiresAt !== null && row.statusExpiresAt <= now;
  return hasExpired
    ? { status: 'online', text: null, expiresAt: null }
    : { status: row.availability, text: row.statusText, expiresAt: row.statusExpiresAt?.toISOString() ?? null };
}

/** What a person sees of their own account. */
export function toProfile(row: UserEntity, now: Date): Profile {
  return {
    ...toUser(row),
    email: row.email ?? '',
    phone: row.phone,
    status: statusOf(row, now),
    privacy: row.privacy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
