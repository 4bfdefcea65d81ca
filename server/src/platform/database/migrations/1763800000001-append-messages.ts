import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The two functions of the group-commit appender. Plans are pinned to index look-ups: the statements are planned once a
 * connection, perhaps while the tables are still empty, and must stay right when they hold millions of rows.
 */
export class AppendMessages1763800000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The fast path: a whole batch or nothing. Conversations are distinct and ascending; each message names its
      -- conversation by index (from 1) and its place among the batch's messages of that conversation (from 1).
      -- Locks first, checks after, in a later snapshot: so a removal and a send are ordered.
      CREATE FUNCTION append_messages(
        p_at timestamptz, p_conversations uuid[], p_counts integer[],
        p_groups integer[], p_places integer[], p_ids uuid[], p_senders uuid[], p_client_ids text[],
        p_types text[], p_contents text[], p_metadata text[],
        OUT last_seqs bigint[], OUT last_revs bigint[]
      ) LANGUAGE plpgsql
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
      AS $$
      DECLARE
        tenants uuid[];
        allowed integer;
      BEGIN
        PERFORM 1 FROM conversations WHERE id = ANY (p_conversations) ORDER BY id FOR NO KEY UPDATE;

        WITH moved AS (
          UPDATE conversations c
          SET last_seq = c.last_seq + batch.count, rev = c.rev + batch.count, last_activity_at = p_at
          FROM unnest(p_conversations, p_counts) WITH ORDINALITY AS batch (id, count, place)
          WHERE c.id = batch.id
          RETURNING batch.place, c.tenant_id, c.last_seq - batch.count AS seq, c.rev - batch.count AS rev
        )
        SELECT array_agg(seq ORDER BY place), array_agg(rev ORDER BY place), array_agg(tenant_id ORDER BY place)
        INTO last_seqs, last_revs, tenants FROM moved;

        -- Who has left is sorted out after the join: as a condition it would invite the planner to the partial index.
        SELECT count(*) FILTER (WHERE p.left_at IS NULL) INTO allowed
        FROM unnest(p_groups, p_senders) AS item (at, sender)
        JOIN participants p ON p.conversation_id = p_conversations[item.at] AND p.user_id = item.sender;
        IF allowed <> cardinality(p_ids) OR cardinality(last_seqs) <> cardinality(p_conversations) THEN
          RAISE EXCEPTION 'a sender is refused' USING ERRCODE = 'PLY01';
        END IF;

        INSERT INTO messages (tenant_id, conversation_id, seq, rev, id, sender_id, client_message_id,
                              message_type, content, metadata, created_at)
        SELECT tenants[item.at], p_conversations[item.at], last_seqs[item.at] + item.place,
               last_revs[item.at] + item.place, item.id, item.sender, item.client_id,
               item.type, item.content, item.metadata::jsonb, p_at
        FROM unnest(p_groups, p_places, p_ids, p_senders, p_client_ids, p_types, p_contents, p_metadata)
          AS item (at, place, id, sender, client_id, type, content, metadata);

        INSERT INTO outbox (kind, payload) VALUES ('messages.appended', jsonb_build_object(
          'conversationIds', to_jsonb(p_conversations), 'afterSeqs', to_jsonb(last_seqs), 'counts', to_jsonb(p_counts)));
      END $$;

      -- The careful path: each message on its own, under the lock of its conversation. One that was stored before is
      -- answered as first stored, one whose sender has no seat is refused, one that fails does not touch the others.
      -- Messages come ordered by conversation, so that locks are taken in the same order as on the fast path.
      CREATE FUNCTION append_messages_carefully(
        p_at timestamptz, p_conversations uuid[], p_ids uuid[], p_senders uuid[], p_client_ids text[],
        p_types text[], p_contents text[], p_metadata text[]
      ) RETURNS TABLE (outcome text, stored_id uuid, stored_seq bigint, stored_rev bigint, stored_at timestamptz)
        LANGUAGE plpgsql
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
      AS $$
      DECLARE
        v_tenant uuid;
      BEGIN
        FOR i IN 1 .. cardinality(p_ids) LOOP
          BEGIN
            outcome := 'refused';
            stored_id := NULL;
            stored_seq := NULL;
            stored_rev := NULL;
            stored_at := NULL;
            PERFORM 1 FROM conversations WHERE id = p_conversations[i] FOR NO KEY UPDATE;
            PERFORM 1 FROM participants
              WHERE conversation_id = p_conversations[i] AND user_id = p_senders[i] AND left_at IS NULL;
            IF FOUND THEN
              SELECT 'repeated', m.id, m.seq, m.rev, m.created_at
              INTO outcome, stored_id, stored_seq, stored_rev, stored_at
              FROM messages m
              WHERE m.conversation_id = p_conversations[i] AND m.id = p_ids[i];
              IF NOT FOUND THEN
                SELECT 'repeated', m.id, m.seq, m.rev, m.created_at
                INTO outcome, stored_id, stored_seq, stored_rev, stored_at
                FROM messages m
                WHERE m.conversation_id = p_conversations[i] AND m.sender_id = p_senders[i]
                  AND m.client_message_id = p_client_ids[i];
              END IF;
              IF NOT FOUND THEN
                outcome := 'stored';
                stored_id := p_ids[i];
                stored_at := p_at;
                UPDATE conversations SET last_seq = last_seq + 1, rev = rev + 1, last_activity_at = p_at
                  WHERE id = p_conversations[i]
                  RETURNING last_seq, rev, tenant_id INTO stored_seq, stored_rev, v_tenant;
                INSERT INTO messages (tenant_id, conversation_id, seq, rev, id, sender_id, client_message_id,
                                      message_type, content, metadata, created_at)
                VALUES (v_tenant, p_conversations[i], stored_seq, stored_rev, p_ids[i], p_senders[i], p_client_ids[i],
                        p_types[i], p_contents[i], p_metadata[i]::jsonb, p_at);
                INSERT INTO outbox (kind, payload) VALUES ('messages.appended', jsonb_build_object(
                  'conversationIds', jsonb_build_array(p_conversations[i]),
                  'afterSeqs', jsonb_build_array(stored_seq - 1), 'counts', jsonb_build_array(1)));
              END IF;
            END IF;
          EXCEPTION WHEN OTHERS THEN
            outcome := 'failed';
            -- Only the code: the message of an error may quote the row.
            RAISE WARNING 'a message could not be stored: %', SQLSTATE;
          END;
          RETURN NEXT;
        END LOOP;
      END $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
