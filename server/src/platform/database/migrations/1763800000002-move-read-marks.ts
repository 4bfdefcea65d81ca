import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Moves many read marks in one commit: people read about as often as they write. */
export class MoveReadMarks1763800000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- One row for each mark, in the order given; "before" is null where the person has no seat. Marks move forward
      -- only and never past the end. They come in ascending order of conversation and user, each pair once, so that
      -- two calls take their row locks in one order.
      CREATE FUNCTION move_read_marks(
        p_tenants uuid[], p_conversations uuid[], p_users uuid[], p_seqs bigint[]
      ) RETURNS TABLE (seq_before bigint, seq_after bigint, delivered bigint, unread integer, is_shared boolean)
        LANGUAGE plpgsql
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
      AS $$
      DECLARE
        target bigint;
        gone timestamptz;
      BEGIN
        FOR i IN 1 .. cardinality(p_users) LOOP
          seq_before := NULL;
          seq_after := NULL;
          delivered := NULL;
          unread := NULL;
          is_shared := NULL;
          -- Who has left is sorted out below: as a condition it would invite the planner to the partial index.
          SELECT p.last_read_seq, p.last_delivered_seq, p.left_at, least(p_seqs[i], c.last_seq)
          INTO seq_before, delivered, gone, target
          FROM participants p JOIN conversations c ON c.id = p.conversation_id
          WHERE p.conversation_id = p_conversations[i] AND p.user_id = p_users[i] AND p.tenant_id = p_tenants[i]
          FOR NO KEY UPDATE OF p;
          IF FOUND AND gone IS NULL THEN
            seq_after := greatest(seq_before, target);
            delivered := greatest(delivered, target);
            IF seq_after > seq_before THEN
              UPDATE participants SET last_read_seq = seq_after, last_delivered_seq = delivered
              WHERE conversation_id = p_conversations[i] AND user_id = p_users[i];
            END IF;
            SELECT count(*) INTO unread FROM messages m
            WHERE m.conversation_id = p_conversations[i] AND m.seq > seq_after AND m.sender_id <> p_users[i]
              AND m.deleted_at IS NULL;
            SELECT (u.privacy -> 'readReceipts')::boolean INTO is_shared
            FROM users u WHERE u.tenant_id = p_tenants[i] AND u.id = p_users[i];
          ELSE
            seq_before := NULL;
          END IF;
          RETURN NEXT;
        END LOOP;
      END $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
