import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What every message and every mark costs whatever comes with it, less of it: PostgreSQL was free to plan the statements
 * of these functions anew at each call, and did so where a connection's first calls were small. A lone mark took 8.5 ms
 * of a processor, of which 7 were planning.
 */
export class PinnedPlans1764000500000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER FUNCTION sort_batch SET plan_cache_mode = force_generic_plan;
      ALTER FUNCTION move_marks SET plan_cache_mode = force_generic_plan;

      -- As before, but moving the counters is what takes the locks, in the order of the conversations as they are given:
      -- ascending. Whoever waits for one goes on from the counters that the other one left.
      CREATE OR REPLACE FUNCTION append_batch(
        p_at timestamptz, p_conversations uuid[], p_counts integer[],
        p_groups integer[], p_places integer[], p_ids uuid[], p_senders uuid[], p_client_ids text[],
        p_types text[], p_contents text[], p_metadata text[], p_facts text[], p_is_sorted boolean,
        OUT last_seqs bigint[], OUT last_revs bigint[], OUT expiries timestamptz[], OUT visible_froms bigint[]
      ) LANGUAGE plpgsql
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
        SET plan_cache_mode = force_generic_plan
      AS $$
      DECLARE
        tenants uuid[];
        slows integer[];
        allowed integer;
      BEGIN
        WITH moved AS (
          UPDATE conversations c
          SET last_seq = c.last_seq + batch.count, rev = c.rev + batch.count, last_activity_at = p_at
          FROM unnest(p_conversations, p_counts) WITH ORDINALITY AS batch (id, count, place)
          WHERE c.id = batch.id
          RETURNING batch.place, c.tenant_id, c.last_seq - batch.count AS seq, c.rev - batch.count AS rev,
                    c.slow_mode_seconds AS slow, c.newest_visible_from AS visible_from,
                    p_at + make_interval(secs => c.message_ttl) AS expires_at
        )
        SELECT array_agg(seq ORDER BY place), array_agg(rev ORDER BY place), array_agg(tenant_id ORDER BY place),
               array_agg(slow ORDER BY place),
               CASE WHEN count(expires_at) > 0 THEN array_agg(expires_at ORDER BY place) END,
               CASE WHEN max(visible_from) > 1 THEN array_agg(visible_from ORDER BY place) END
        INTO last_seqs, last_revs, tenants, slows, expiries, visible_froms FROM moved;

        IF NOT p_is_sorted THEN
          -- In a later snapshot than the locks, so that a removal and a send are ordered. What a seat says is sorted out
          -- after the join: as a condition it would invite the planner to a partial index. Whoever is held back by slow
          -- mode goes the other way.
          SELECT count(*) FILTER (WHERE p.left_at IS NULL AND p.may_post
                                    AND (p.silenced_until IS NULL OR p.silenced_until <= p_at)
                                    AND (slows[item.at] = 0 OR p.role NOT IN ('member', 'guest'))) INTO allowed
          FROM unnest(p_groups, p_senders) AS item (at, sender)
          JOIN participants p ON p.conversation_id = p_conversations[item.at] AND p.user_id = item.sender;
          IF allowed <> cardinality(p_ids) OR cardinality(last_seqs) <> cardinality(p_conversations) THEN
            RAISE EXCEPTION 'a sender is refused' USING ERRCODE = 'PLY01';
          END IF;
        ELSE
          UPDATE participants p SET next_post_at = p_at + make_interval(secs => slows[item.at])
          FROM unnest(p_groups, p_senders) AS item (at, sender)
          WHERE p.conversation_id = p_conversations[item.at] AND p.user_id = item.sender
            AND slows[item.at] > 0 AND p.role IN ('member', 'guest');
        END IF;

        INSERT INTO messages (tenant_id, conversation_id, seq, rev, id, sender_id, client_message_id,
                              message_type, content, metadata, created_at, expires_at,
                              reply_to_seq, thread_seq, mentions, forwarded_from, poll)
        SELECT tenants[item.at], p_conversations[item.at], last_seqs[item.at] + item.place,
               last_revs[item.at] + item.place, item.id, item.sender, item.client_id,
               item.type, item.content, item.metadata::jsonb, p_at, expiries[item.at],
               (item.facts ->> 'replyToSeq')::bigint, (item.facts ->> 'threadSeq')::bigint, item.facts -> 'mentions',
               item.facts -> 'forwardedFrom', item.facts -> 'poll'
        FROM unnest(p_groups, p_places, p_ids, p_senders, p_client_ids, p_types, p_contents, p_metadata,
                    p_facts::jsonb[])
          AS item (at, place, id, sender, client_id, type, content, metadata, facts);

        IF p_facts IS NOT NULL THEN
          INSERT INTO mentions (tenant_id, conversation_id, user_id, seq)
          SELECT tenants[item.at], p_conversations[item.at], mentioned.id::uuid, last_seqs[item.at] + item.place
          FROM unnest(p_groups, p_places, p_facts::jsonb[]) AS item (at, place, facts),
               jsonb_array_elements_text(item.facts -> 'mentioned') AS mentioned (id);
        END IF;

        INSERT INTO outbox (kind, payload) VALUES ('messages.appended', jsonb_build_object(
          'conversationIds', to_jsonb(p_conversations), 'afterSeqs', to_jsonb(last_seqs), 'counts', to_jsonb(p_counts)));
      END $$;

      -- As before, but who has read to the end is not asked about: to begin a query of all partitions takes longer than
      -- to answer it, and most who read, read to the end.
      CREATE OR REPLACE FUNCTION count_unread(
        p_tenants uuid[], p_conversations uuid[], p_users uuid[], p_afters bigint[]
      ) RETURNS TABLE (unread integer, mentions integer)
        LANGUAGE plpgsql STABLE
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
        SET plan_cache_mode = force_generic_plan
      AS $$
      DECLARE
        is_read_to_end boolean;
      BEGIN
        SELECT bool_and(seat.after >= c.last_seq) INTO is_read_to_end
        FROM unnest(p_conversations, p_afters) AS seat (conversation_id, after)
        JOIN conversations c ON c.id = seat.conversation_id;
        IF is_read_to_end THEN
          RETURN QUERY SELECT 0, 0 FROM unnest(p_conversations);
          RETURN;
        END IF;
        RETURN QUERY
        SELECT (SELECT count(*)::int FROM messages m
                WHERE m.conversation_id = seat.conversation_id AND m.seq > seat.after
                  AND m.sender_id <> seat.user_id AND m.deleted_at IS NULL)
               - (SELECT count(*)::int FROM hidden_messages h
                  JOIN messages m ON m.conversation_id = h.conversation_id AND m.seq = h.seq
                  WHERE h.tenant_id = seat.tenant_id AND h.user_id = seat.user_id
                    AND h.conversation_id = seat.conversation_id AND h.seq > seat.after
                    AND m.sender_id <> seat.user_id AND m.deleted_at IS NULL),
               (SELECT count(DISTINCT named.seq)::int FROM mentions named
                JOIN messages m ON m.conversation_id = named.conversation_id AND m.seq = named.seq
                WHERE named.conversation_id = seat.conversation_id
                  AND named.user_id IN (seat.user_id, '00000000-0000-0000-0000-000000000000')
                  AND named.seq > seat.after AND m.sender_id <> seat.user_id AND m.deleted_at IS NULL
                  AND NOT EXISTS (SELECT 1 FROM hidden_messages h
                    WHERE h.tenant_id = seat.tenant_id AND h.user_id = seat.user_id
                      AND h.conversation_id = seat.conversation_id AND h.seq = named.seq))
        FROM unnest(p_tenants, p_conversations, p_users, p_afters) WITH ORDINALITY
          AS seat (tenant_id, conversation_id, user_id, after, place)
        ORDER BY seat.place;
      END $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
