import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { Viewer } from '../platform/viewer.js';
import type { UserEntity } from '../users/index.js';
import type { Relation } from './presence.rules.js';

/** One account, of whichever tenant. */
export type PersonRef = Pick<Viewer, 'tenantId' | 'userId'>;

/** Somebody, and a person whose presence they follow. */
export interface Pair {
  readonly watcherId: string;
  readonly userId: string;
}

/** What is stored of a person's presence. */
export type PresenceRow = PersonRef &
  Pick<UserEntity, 'availability' | 'statusText' | 'statusExpiresAt' | 'privacy' | 'lastSeenAt'>;

const PEOPLE = 'unnest($1::uuid[], $2::uuid[]) AS person (tenant_id, id)';
const columns = (people: readonly PersonRef[]) => [
  people.map(({ tenantId }) => tenantId),
  people.map(({ userId }) => userId),
];

@Injectable()
export class PresenceRepository {
  /** What is stored of each of these whose account is open. */
  find(tx: Tx, people: readonly PersonRef[]): Promise<PresenceRow[]> {
    return tx.query(
      `SELECT u.tenant_id AS "tenantId", u.id AS "userId", u.availability, u.status_text AS "statusText",
              u.status_expires_at AS "statusExpiresAt", u.privacy, u.last_seen_at AS "lastSeenAt"
       FROM ${PEOPLE} JOIN users u ON u.tenant_id = person.tenant_id AND u.id = person.id WHERE u.deleted_at IS NULL`,
      columns(people),
    );
  }

  /** How the viewer is related to each of these, those left out that they share no conversation with. */
  async relations(tx: Tx, viewer: Viewer, userIds: readonly string[]): Promise<Map<string, Relation>> {
    const rows = await tx.query<{ userId: string; isContact: boolean }>(
      `SELECT theirs.user_id AS "userId", bool_or(c.type = 'direct') AS "isContact"
       FROM participants mine
       JOIN participants theirs ON theirs.conversation_id = mine.conversation_id
       JOIN conversations c ON c.id = mine.conversation_id
       WHERE mine.tenant_id = $1 AND mine.user_id = $2 AND mine.left_at IS NULL
         AND theirs.user_id = ANY ($3) AND theirs.left_at IS NULL
       GROUP BY theirs.user_id`,
      [viewer.tenantId, viewer.userId, userIds],
    );
    return new Map(rows.map(({ userId, isContact }) => [userId, isContact ? 'contact' : 'acquaintance']));
  }

  /** Those of these pairs that share no conversation; all of one tenant, which is that of a conversation they were in. */
  strangers(tx: Tx, conversationId: string, pairs: readonly Pair[]): Promise<Pair[]> {
    return tx.query(
      `SELECT pair.watcher_id AS "watcherId", pair.user_id AS "userId"
       FROM conversations c, unnest($2::uuid[], $3::uuid[]) AS pair (watcher_id, user_id)
       WHERE c.id = $1 AND NOT EXISTS (
         SELECT 1 FROM participants theirs
         JOIN participants own ON own.conversation_id = theirs.conversation_id AND own.user_id = pair.user_id
         WHERE theirs.tenant_id = c.tenant_id AND theirs.user_id = pair.watcher_id
           AND theirs.left_at IS NULL AND own.left_at IS NULL)`,
      [conversationId, pairs.map(({ watcherId }) => watcherId), pairs.map(({ userId }) => userId)],
    );
  }

  /** These have been here until now, as far as others may know: of who is invisible nothing is noted. */
  async seen(tx: Tx, people: readonly PersonRef[], at: Date): Promise<void> {
    await tx.query(
      `UPDATE users u SET last_seen_at = greatest(u.last_seen_at, $3) FROM ${PEOPLE}
       WHERE u.tenant_id = person.tenant_id AND u.id = person.id
         AND (u.availability <> 'invisible' OR u.status_expires_at <= $3)`,
      [...columns(people), at],
    );
  }

  /** This person becomes invisible, and was last seen now. */
  async vanish(tx: Tx, { tenantId, userId }: PersonRef, at: Date): Promise<void> {
    await tx.query('UPDATE users SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2', [tenantId, userId, at]);
  }
}
