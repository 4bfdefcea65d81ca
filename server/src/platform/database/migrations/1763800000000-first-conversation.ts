import type { MigrationInterface, QueryRunner } from 'typeorm';

const PARTITIONS = 16;

/** Tenants, people, their sessions, conversations, messages and the outbox. */
export class FirstConversation1763800000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE tenants (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      INSERT INTO tenants (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'default');

      CREATE TABLE users (
        tenant_id uuid NOT NULL REFERENCES tenants,
        id uuid NOT NULL,
        username text NOT NULL,
        username_key text COLLATE "C" NOT NULL,
        email text,
        email_key text COLLATE "C",
        password_hash text,
        first_name text NOT NULL,
        last_name text NOT NULL,
        name_key text COLLATE "C" NOT NULL,
        phone text,
        avatar_url text,
        availability text NOT NULL DEFAULT 'online',
        status_text text,
        status_expires_at timestamptz(3),
        privacy jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        deleted_at timestamptz(3),
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT users_username_unique UNIQUE (tenant_id, username_key),
        CONSTRAINT users_email_unique UNIQUE (tenant_id, email_key)
      );
      CREATE INDEX users_name ON users (tenant_id, name_key) WHERE deleted_at IS NULL;

      CREATE TABLE sessions (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        device_name text,
        address text,
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3),
        end_reason text,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, user_id) REFERENCES users
      );
      CREATE INDEX sessions_open ON sessions (tenant_id, user_id, last_used_at) WHERE ended_at IS NULL;
      CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

      CREATE TABLE refresh_tokens (
        tenant_id uuid NOT NULL,
        token_hash bytea NOT NULL,
        session_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        PRIMARY KEY (tenant_id, token_hash),
        FOREIGN KEY (tenant_id, session_id) REFERENCES sessions ON DELETE CASCADE
      );
      CREATE INDEX refresh_tokens_session ON refresh_tokens (tenant_id, session_id);
      CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

      CREATE TABLE password_resets (
        tenant_id uuid NOT NULL,
        token_hash bytea NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        PRIMARY KEY (tenant_id, token_hash),
        FOREIGN KEY (tenant_id, user_id) REFERENCES users
      );
      CREATE INDEX password_resets_user ON password_resets (tenant_id, user_id);

      -- last_seq, rev and last_activity_at move with every message: no index may name them and half of each page
      -- stays free, so that the update stays within its page (HOT).
      CREATE TABLE conversations (
        tenant_id uuid NOT NULL REFERENCES tenants,
        id uuid NOT NULL PRIMARY KEY,
        type text NOT NULL,
        name text,
        description text,
        avatar_url text,
        direct_key text COLLATE "C",
        created_by uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        member_count integer NOT NULL,
        last_seq bigint NOT NULL DEFAULT 0,
        rev bigint NOT NULL DEFAULT 0,
        last_activity_at timestamptz(3) NOT NULL,
        CONSTRAINT conversations_direct_unique UNIQUE (tenant_id, direct_key)
      ) WITH (fillfactor = 50);

      CREATE TABLE participants (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL REFERENCES conversations,
        user_id uuid NOT NULL,
        role text NOT NULL,
        joined_at timestamptz(3) NOT NULL,
        left_at timestamptz(3),
        last_read_seq bigint NOT NULL DEFAULT 0,
        last_delivered_seq bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (conversation_id, user_id)
      ) WITH (fillfactor = 70);
      CREATE INDEX participants_of_user ON participants (tenant_id, user_id, conversation_id) WHERE left_at IS NULL;

      -- No foreign keys: the writing function has checked conversation and sender under lock.
      CREATE TABLE messages (
        tenant_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq bigint NOT NULL,
        rev bigint NOT NULL,
        id uuid NOT NULL,
        sender_id uuid NOT NULL,
        client_message_id text COLLATE "C",
        message_type text NOT NULL,
        content text,
        metadata jsonb,
        created_at timestamptz(3) NOT NULL,
        edited_at timestamptz(3),
        deleted_at timestamptz(3),
        PRIMARY KEY (conversation_id, seq),
        CONSTRAINT messages_id_unique UNIQUE (conversation_id, id),
        CONSTRAINT messages_client_id_unique UNIQUE (conversation_id, sender_id, client_message_id)
      ) PARTITION BY HASH (conversation_id);

      -- Side effects committed with their cause; the relay hands them to the job queue.
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
    `);
    for (let part = 0; part < PARTITIONS; part += 1) {
      await db.query(
        `CREATE TABLE messages_${part} PARTITION OF messages FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${part})`,
      );
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
