import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happens to messages after they are sent: replies, reactions, edits, pins, polls, mentions, an end. */
export class MessageFacts1764000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Each fact that few messages have is NULL in the others, which costs a bit in the row and nothing more.
      ALTER TABLE messages
        ADD COLUMN is_changed boolean NOT NULL DEFAULT false,
        ADD COLUMN reply_to_seq bigint,
        ADD COLUMN thread_seq bigint,
        ADD COLUMN mentions jsonb,
        ADD COLUMN reactions jsonb,
        ADD COLUMN forwarded_from jsonb,
        ADD COLUMN poll jsonb,
        ADD COLUMN pinned_by uuid,
        ADD COLUMN pinned_at timestamptz(3),
        ADD COLUMN expires_at timestamptz(3);

      -- Ids are made by the server in order of time: one index at whose right end all writing happens finds a message
      -- by its id alone, and takes the place of the one within each conversation.
      CREATE INDEX messages_id ON messages (id);
      ALTER TABLE messages DROP CONSTRAINT messages_id_unique;

      -- New messages are found by seq: only those that have changed since they were written are indexed by rev.
      CREATE INDEX messages_changed ON messages (conversation_id, rev) WHERE is_changed;
      CREATE INDEX messages_thread ON messages (conversation_id, thread_seq, seq) WHERE thread_seq IS NOT NULL;
      CREATE INDEX messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL;
      CREATE INDEX messages_due ON messages (expires_at) WHERE expires_at IS NOT NULL AND deleted_at IS NULL;

      CREATE TABLE message_versions (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        version integer NOT NULL,
        content text NOT NULL,
        written_at timestamptz(3) NOT NULL,
        PRIMARY KEY (conversation_id, seq, version)
      );

      CREATE TABLE reactions (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        emoji text COLLATE "C" NOT NULL,
        user_id uuid NOT NULL,
        reacted_at timestamptz(3) NOT NULL,
        PRIMARY KEY (conversation_id, seq, emoji, user_id)
      );

      CREATE TABLE poll_votes (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        user_id uuid NOT NULL,
        options integer[] NOT NULL,
        voted_at timestamptz(3) NOT NULL,
        PRIMARY KEY (conversation_id, seq, user_id)
      );

      -- Who is mentioned where; everyone, as the id of nobody, where all are.
      CREATE TABLE mentions (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        user_id uuid NOT NULL,
        seq bigint NOT NULL,
        PRIMARY KEY (conversation_id, user_id, seq)
      );

      -- What a person has deleted for themselves; inbox_rev as in participants.
      CREATE TABLE hidden_messages (
        tenant_id uuid NOT NULL,
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        inbox_rev bigint NOT NULL,
        PRIMARY KEY (tenant_id, user_id, conversation_id, seq)
      );
      CREATE INDEX hidden_messages_rev ON hidden_messages (tenant_id, user_id, inbox_rev);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
