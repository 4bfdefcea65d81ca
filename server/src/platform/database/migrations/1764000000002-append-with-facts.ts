import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The functions of the group-commit appender, second generation: they know who may write, slow mode, replies, mentions
 * and messages that disappear. Facts that few messages have come as one JSON object, NULL for the others. Plans are
 * pinned to index look-ups: the statements are planned once a connection, perhaps while the tables are still empty, and
 * must stay right when they hold millions of rows.
 */
export class AppendWithFacts1764000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The fast path: a whole batch or nothing. Conversations are distinct and ascending; each message names its
      -- conversation by index (from 1) and its place among the batch's messages of that conversation (from 1).
      -- Locks first, checks after, in a later snapshot: so a removal and a send are ordered.
      CREATE FUNCTION append_batch(
        p_at timestamptz, p_conversations uuid[], p_counts integer[],
        p_groups integer[], p_places integer[], p_ids uuid[], p_senders uuid[], p_client_ids text[],
        p_types text[], p_contents text[], p_metadata text[], p_facts text[], p_is_sorted boolean,
        OUT last_seqs bigint[], OUT last_revs bigint[], OUT expiries timestamptz[], OUT visible_froms bigint[]
      ) LANGUAGE plpgsql
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
      AS $$
      DECLARE
        tenants uuid[];
        slows integer[];
        allowed integer;
      BEGIN
        PERFORM 1 FROM conversations WHERE id = ANY (p_conversations) ORDER BY id FOR NO KEY UPDATE;

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
          -- What a seat says is sorted out after the join: as a condition it would invite the planner to a partial
          -- index. Whoever is held back by slow mode goes the other way.
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

      -- Sorts a batch that cannot be written as it is: who has no seat is refused, what was stored before is answered as
      -- first stored, who may not write now is told why. Takes the locks, so that what it says holds until the end of
      -- the transaction. Drafts come in the order in which they are to be written, conversations ascending.
      CREATE FUNCTION sort_batch(
        p_at timestamptz, p_conversations uuid[], p_ids uuid[], p_senders uuid[], p_client_ids text[]
      ) RETURNS TABLE (outcome text, stored_id uuid, stored_seq bigint, stored_rev bigint, stored_at timestamptz,
                       stored_expiry timestamptz, wait_ms integer)
        LANGUAGE plpgsql
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
      AS $$
      BEGIN
        PERFORM 1 FROM conversations WHERE id = ANY (p_conversations) ORDER BY id FOR NO KEY UPDATE;
        RETURN QUERY
        WITH item AS (
          SELECT d.place, d.conversation_id, d.sender_id, d.client_id,
                 seat.role, seat.may_post, seat.silenced_until, seat.next_post_at, seat.slow, seat.is_seated,
                 coalesce(own.id, named.id) AS id, coalesce(own.seq, named.seq) AS seq,
                 coalesce(own.rev, named.rev) AS rev, coalesce(own.created_at, named.created_at) AS created_at,
                 own.expires_at,
                 row_number() OVER (PARTITION BY d.conversation_id, d.sender_id, d.client_id ORDER BY d.place) AS nth,
                 first_value(d.id) OVER (PARTITION BY d.conversation_id, d.sender_id, d.client_id ORDER BY d.place) AS first_id
          FROM unnest(p_conversations, p_ids, p_senders, p_client_ids) WITH ORDINALITY
            AS d (conversation_id, id, sender_id, client_id, place)
          LEFT JOIN LATERAL (
            SELECT p.role, p.may_post, p.silenced_until, p.next_post_at, p.left_at IS NULL AS is_seated,
                   c.slow_mode_seconds AS slow
            FROM participants p JOIN conversations c ON c.id = p.conversation_id
            WHERE p.conversation_id = d.conversation_id AND p.user_id = d.sender_id
          ) seat ON true
          LEFT JOIN LATERAL (
            SELECT m.id, m.seq, m.rev, m.created_at, m.expires_at FROM messages m
            WHERE m.conversation_id = d.conversation_id AND m.id = d.id
          ) own ON true
          LEFT JOIN LATERAL (
            SELECT m.id, m.seq, m.rev, m.created_at FROM messages m
            WHERE m.conversation_id = d.conversation_id AND m.sender_id = d.sender_id
              AND m.client_message_id = d.client_id
          ) named ON true
        ), judged AS (
          SELECT item.*, CASE
            WHEN item.is_seated IS NOT TRUE THEN 'unseated'
            WHEN item.seq IS NOT NULL THEN 'repeated'
            WHEN item.client_id IS NOT NULL AND item.nth > 1 THEN 'doubled'
            WHEN NOT item.may_post THEN 'forbidden'
            WHEN item.silenced_until > p_at THEN 'silenced'
            WHEN item.slow > 0 AND item.role IN ('member', 'guest') AND item.next_post_at > p_at THEN 'slow'
            WHEN item.slow > 0 AND item.role IN ('member', 'guest')
              AND row_number() OVER (PARTITION BY item.conversation_id, item.sender_id,
                                     item.seq IS NULL AND (item.client_id IS NULL OR item.nth = 1)
                                     ORDER BY item.place) > 1 THEN 'slow'
            ELSE 'free' END AS outcome
          FROM item
        )
        SELECT judged.outcome, CASE WHEN judged.outcome = 'doubled' THEN judged.first_id ELSE judged.id END,
               judged.seq, judged.rev, judged.created_at::timestamptz,
               judged.expires_at::timestamptz,
               CASE WHEN judged.outcome = 'slow' THEN
                 ceil(1000 * greatest(1, coalesce(extract(epoch FROM judged.next_post_at - p_at), judged.slow)))::integer END
        FROM judged ORDER BY judged.place;
      END $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
