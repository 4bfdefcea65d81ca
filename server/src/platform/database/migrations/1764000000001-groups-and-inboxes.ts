import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How groups are run, what is one's own in a conversation, and the counter that makes both syncable. */
export class GroupsAndInboxes1764000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE conversations
        ADD COLUMN permissions jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN history_visibility text NOT NULL DEFAULT 'all',
        ADD COLUMN join_policy text NOT NULL DEFAULT 'invite',
        ADD COLUMN slow_mode_seconds integer NOT NULL DEFAULT 0,
        ADD COLUMN message_ttl integer,
        -- The latest point from which any member can read: what lies behind it needs no look at who may see it.
        ADD COLUMN newest_visible_from bigint NOT NULL DEFAULT 1,
        ADD COLUMN deleted_at timestamptz(3);

      -- may_post follows from role and permissions and is kept here for the statement that writes messages.
      -- No index names what moves with every read mark, so that these updates stay within their page.
      ALTER TABLE participants
        ADD COLUMN may_post boolean NOT NULL DEFAULT true,
        ADD COLUMN silenced_until timestamptz(3),
        ADD COLUMN next_post_at timestamptz(3),
        ADD COLUMN visible_from_seq bigint NOT NULL DEFAULT 1,
        ADD COLUMN shared_read_seq bigint NOT NULL DEFAULT 0,
        ADD COLUMN muted_until timestamptz(3),
        ADD COLUMN is_pinned boolean NOT NULL DEFAULT false,
        ADD COLUMN is_archived boolean NOT NULL DEFAULT false,
        ADD COLUMN is_marked_unread boolean NOT NULL DEFAULT false,
        ADD COLUMN draft jsonb,
        ADD COLUMN inbox_rev bigint NOT NULL DEFAULT 0;
      UPDATE participants p SET shared_read_seq = p.last_read_seq
        FROM users u WHERE u.tenant_id = p.tenant_id AND u.id = p.user_id AND (u.privacy ->> 'readReceipts')::boolean;

      -- Counts the changes of what is a person's own: seats, marks, settings. Its row is the lock that gives these
      -- changes one order; it is taken after that of a conversation and before that of a seat.
      CREATE TABLE inboxes (
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        rev bigint NOT NULL,
        PRIMARY KEY (tenant_id, user_id)
      ) WITH (fillfactor = 50);
      INSERT INTO inboxes (tenant_id, user_id, rev) SELECT tenant_id, id, 0 FROM users;

      CREATE TABLE bans (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL REFERENCES conversations,
        user_id uuid NOT NULL,
        banned_by uuid NOT NULL,
        banned_at timestamptz(3) NOT NULL,
        reason text,
        PRIMARY KEY (conversation_id, user_id)
      );

      CREATE TABLE invites (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL PRIMARY KEY,
        conversation_id uuid NOT NULL REFERENCES conversations,
        created_by uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3),
        max_uses integer,
        uses integer NOT NULL DEFAULT 0,
        requires_approval boolean NOT NULL,
        revoked_at timestamptz(3)
      );
      CREATE INDEX invites_of_conversation ON invites (conversation_id, created_at) WHERE revoked_at IS NULL;

      CREATE TABLE join_requests (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL REFERENCES conversations,
        user_id uuid NOT NULL,
        invite_id uuid,
        requested_at timestamptz(3) NOT NULL,
        PRIMARY KEY (conversation_id, user_id)
      );

      -- Every move of a mark: from it follows the status of any message, and since when.
      CREATE TABLE receipt_moves (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        user_id uuid NOT NULL,
        kind text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        at timestamptz(3) NOT NULL,
        PRIMARY KEY (conversation_id, user_id, kind, seq)
      );

      ALTER TABLE users ADD COLUMN last_seen_at timestamptz(3);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
