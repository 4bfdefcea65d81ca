import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Moves many marks, delivered and read, in one commit, and counts what is unread in one place. Plans are pinned to index
 * look-ups, as those of the appender are: every join goes from a list that is given to a table it names by its key.
 */
export class MoveMarks1764000300000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- What is left to read after each position, in the order given, and in how much of it the reader is mentioned: not
      -- one's own, not deleted, not hidden. A mention of everyone stands under the id of nobody. STABLE: it sees what the
      -- calling statement sees, so its counts belong to the conversation's rev that is read beside them.
      CREATE FUNCTION count_unread(
        p_tenants uuid[], p_conversations uuid[], p_users uuid[], p_afters bigint[]
      ) RETURNS TABLE (unread integer, mentions integer)
        LANGUAGE plpgsql STABLE
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
      AS $$
      BEGIN
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

      -- One row for each mark, in the order given; all is null where the person has no seat, and the counts where nothing
      -- was read. Each pair of conversation and user comes once; a position of -1 says that nothing was read. Marks move
      -- forward only and never past the end. Whatever changes in a seat is counted in its owner's inbox, whose rows are
      -- locked first and in order of user id: everything else that changes a seat locks them too. In a direct conversation
      -- the peer's seat is counted as changed where there is something new for the peer to see, and only there: else it
      -- would tell on the reader. Elsewhere the peer is null.
      CREATE FUNCTION move_marks(
        p_at timestamptz, p_tenants uuid[], p_conversations uuid[], p_users uuid[], p_reads bigint[], p_delivereds bigint[]
      ) RETURNS TABLE (read_before bigint, delivered_before bigint, is_changed boolean, unread integer, mentions integer,
                       is_sharing boolean, type text, rev bigint, peer_id uuid, is_peer_sharing boolean, peer_rev bigint,
                       inbox_rev bigint,
                       last_read_seq bigint, last_delivered_seq bigint, shared_read_seq bigint, role text,
                       joined_at timestamptz, visible_from_seq bigint, is_marked_unread boolean,
                       muted_until timestamptz, silenced_until timestamptz, is_pinned boolean, is_archived boolean,
                       draft jsonb)
        LANGUAGE plpgsql
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
      AS $$
      #variable_conflict use_column
      DECLARE
        -- By mark, in the order given; where it changes nothing, it moves to null.
        reads_to bigint[];
        delivereds_to bigint[];
        peers uuid[];
        reads_before bigint[];
        delivereds_before bigint[];
        revs_before bigint[];
        afters bigint[];
        -- By seat.
        seat_tenants uuid[];
        seat_conversations uuid[];
        seat_users uuid[];
        seat_reads bigint[];
        seat_delivereds bigint[];
        seat_places bigint[];
      BEGIN
        -- That nobody has left is said in a way that does not invite the planner to the index of those who have not.
        SELECT array_agg(CASE WHEN mark.moves THEN mark.read_to END ORDER BY mark.place),
               array_agg(CASE WHEN mark.moves THEN mark.delivered_to END ORDER BY mark.place),
               array_agg(peer.user_id ORDER BY mark.place)
        INTO reads_to, delivereds_to, peers
        FROM (
          SELECT m.place, m.conversation_id, m.user_id, c.type, to_.*,
                 coalesce(p.left_at, 'infinity') = 'infinity'
                 AND (to_.read_to > p.last_read_seq OR to_.delivered_to > p.last_delivered_seq
                   OR m.read_to >= 0 AND p.is_marked_unread) AS moves
          FROM unnest(p_tenants, p_conversations, p_users, p_reads, p_delivereds) WITH ORDINALITY
            AS m (tenant_id, conversation_id, user_id, read_to, delivered_to, place)
          LEFT JOIN participants p ON p.conversation_id = m.conversation_id AND p.user_id = m.user_id
            AND p.tenant_id = m.tenant_id
          LEFT JOIN conversations c ON c.id = p.conversation_id
          CROSS JOIN LATERAL (
            SELECT least(m.read_to, c.last_seq) AS read_to,
                   least(greatest(m.read_to, m.delivered_to), c.last_seq) AS delivered_to
          ) to_
        ) mark
        LEFT JOIN participants peer ON mark.moves AND mark.type = 'direct'
          AND peer.conversation_id = mark.conversation_id AND peer.user_id <> mark.user_id;

        PERFORM 1 FROM inboxes i
        JOIN (
          SELECT m.tenant_id, m.user_id FROM unnest(p_tenants, p_users, delivereds_to) AS m (tenant_id, user_id, moves_to)
          WHERE m.moves_to IS NOT NULL
          UNION
          SELECT m.tenant_id, m.peer_id FROM unnest(p_tenants, peers) AS m (tenant_id, peer_id)
          WHERE m.peer_id IS NOT NULL
        ) t ON t.tenant_id = i.tenant_id AND t.user_id = i.user_id
        ORDER BY i.user_id FOR UPDATE OF i;

        -- From here on what is read of these seats stays so. Another node may have moved the same marks while the locks
        -- were waited for, so only now it is known what changes, and for whom that is news.
        SELECT array_agg(mark.read_before ORDER BY mark.place), array_agg(mark.last_delivered_seq ORDER BY mark.place),
               array_agg(mark.inbox_rev ORDER BY mark.place), array_agg(mark.after ORDER BY mark.place),
               array_agg(CASE WHEN mark.moves THEN mark.read_to END ORDER BY mark.place),
               array_agg(CASE WHEN mark.moves THEN mark.delivered_to END ORDER BY mark.place),
               array_agg(CASE WHEN mark.moves AND (mark.delivered_to > mark.last_delivered_seq
                   OR mark.read_to > mark.last_read_seq AND (u.privacy -> 'readReceipts')::boolean
                     AND (peer.privacy -> 'readReceipts')::boolean) THEN peer.id END ORDER BY mark.place)
        INTO reads_before, delivereds_before, revs_before, afters, reads_to, delivereds_to, peers
        FROM (
          SELECT m.*, p.last_read_seq, p.last_delivered_seq, p.inbox_rev,
                 CASE WHEN p.left_at IS NULL THEN p.last_read_seq END AS read_before,
                 p.left_at IS NULL
                 AND (m.read_to > p.last_read_seq OR m.delivered_to > p.last_delivered_seq
                   OR m.read_to >= 0 AND p.is_marked_unread) AS moves,
                 -- What was only delivered changes no count: nothing lies behind the last position there can be.
                 CASE WHEN m.asked < 0 THEN 9223372036854775807
                      ELSE greatest(p.last_read_seq, least(m.asked, c.last_seq), p.visible_from_seq - 1) END AS after
          FROM unnest(p_tenants, p_conversations, p_users, p_reads, reads_to, delivereds_to, peers) WITH ORDINALITY
            AS m (tenant_id, conversation_id, user_id, asked, read_to, delivered_to, peer_id, place)
          LEFT JOIN participants p ON p.conversation_id = m.conversation_id AND p.user_id = m.user_id
            AND p.tenant_id = m.tenant_id
          LEFT JOIN conversations c ON c.id = p.conversation_id
        ) mark
        LEFT JOIN users u ON u.tenant_id = mark.tenant_id AND u.id = mark.user_id
        LEFT JOIN users peer ON peer.tenant_id = mark.tenant_id AND peer.id = mark.peer_id;

        -- The seats that change, each with its place among those of its owner.
        WITH touched AS (
          SELECT m.* FROM unnest(p_tenants, p_conversations, p_users, reads_to, delivereds_to)
            AS m (tenant_id, conversation_id, user_id, read_to, delivered_to)
          WHERE m.delivered_to IS NOT NULL
          UNION ALL
          SELECT m.*, -1, -1 FROM unnest(p_tenants, p_conversations, peers) AS m (tenant_id, conversation_id, user_id)
          WHERE m.user_id IS NOT NULL
        ), seat AS (
          SELECT t.tenant_id, t.conversation_id, t.user_id, max(t.read_to) AS read_to,
                 max(t.delivered_to) AS delivered_to,
                 row_number() OVER (PARTITION BY t.user_id ORDER BY t.conversation_id DESC) AS place
          FROM touched t GROUP BY t.tenant_id, t.conversation_id, t.user_id
        ), counted AS (
          UPDATE inboxes i SET rev = i.rev + s.changes
          FROM (SELECT seat.tenant_id, seat.user_id, count(*) AS changes FROM seat
                GROUP BY seat.tenant_id, seat.user_id) s
          WHERE i.tenant_id = s.tenant_id AND i.user_id = s.user_id
        )
        SELECT array_agg(s.tenant_id), array_agg(s.conversation_id), array_agg(s.user_id), array_agg(s.read_to),
               array_agg(s.delivered_to), array_agg(s.place)
        INTO seat_tenants, seat_conversations, seat_users, seat_reads, seat_delivereds, seat_places
        FROM (SELECT * FROM seat ORDER BY conversation_id, user_id) s;

        IF seat_users IS NOT NULL THEN
          WITH moved AS (
            UPDATE participants p
            SET last_read_seq = greatest(p.last_read_seq, s.read_to),
                last_delivered_seq = greatest(p.last_delivered_seq, s.delivered_to),
                shared_read_seq = CASE WHEN s.read_to > p.last_read_seq AND (u.privacy -> 'readReceipts')::boolean
                                  THEN s.read_to ELSE p.shared_read_seq END,
                is_marked_unread = p.is_marked_unread AND s.read_to < 0,
                inbox_rev = i.rev - s.place + 1
            FROM unnest(seat_tenants, seat_conversations, seat_users, seat_reads, seat_delivereds, seat_places)
              AS s (tenant_id, conversation_id, user_id, read_to, delivered_to, place)
            JOIN participants old ON old.conversation_id = s.conversation_id AND old.user_id = s.user_id
            JOIN inboxes i ON i.tenant_id = s.tenant_id AND i.user_id = s.user_id
            JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
            WHERE p.conversation_id = s.conversation_id AND p.user_id = s.user_id
              AND coalesce(p.left_at, 'infinity') = 'infinity'
            RETURNING p.tenant_id, p.conversation_id, p.user_id,
                      p.last_delivered_seq, p.last_delivered_seq > old.last_delivered_seq AS is_delivered,
                      p.shared_read_seq, p.shared_read_seq > old.shared_read_seq AS is_read
          )
          INSERT INTO receipt_moves (tenant_id, conversation_id, user_id, kind, seq, at)
          SELECT moved.tenant_id, moved.conversation_id, moved.user_id, 'delivered', moved.last_delivered_seq, p_at
          FROM moved WHERE moved.is_delivered
          UNION ALL
          SELECT moved.tenant_id, moved.conversation_id, moved.user_id, 'read', moved.shared_read_seq, p_at
          FROM moved WHERE moved.is_read;
        END IF;

        RETURN QUERY
        SELECT m.read_before, m.delivered_before, p.inbox_rev > m.rev_before,
               CASE WHEN m.read_to >= 0 THEN m.unread END, CASE WHEN m.read_to >= 0 THEN m.mentions END,
               (u.privacy -> 'readReceipts')::boolean, c.type, c.rev, m.peer_id,
               (pu.privacy -> 'readReceipts')::boolean, peer.inbox_rev, p.inbox_rev,
               p.last_read_seq, p.last_delivered_seq, p.shared_read_seq, p.role, p.joined_at::timestamptz,
               p.visible_from_seq, p.is_marked_unread, p.muted_until::timestamptz, p.silenced_until::timestamptz,
               p.is_pinned, p.is_archived, p.draft
        FROM ROWS FROM (unnest(p_tenants), unnest(p_conversations), unnest(p_users), unnest(reads_before),
                        unnest(delivereds_before), unnest(revs_before), unnest(p_reads), unnest(peers),
                        count_unread(p_tenants, p_conversations, p_users, afters)) WITH ORDINALITY
          AS m (tenant_id, conversation_id, user_id, read_before, delivered_before, rev_before, read_to, peer_id,
                unread, mentions, place)
        LEFT JOIN participants p ON p.conversation_id = m.conversation_id AND p.user_id = m.user_id
          AND p.tenant_id = m.tenant_id
        LEFT JOIN conversations c ON c.id = p.conversation_id
        LEFT JOIN users u ON u.tenant_id = p.tenant_id AND u.id = p.user_id
        LEFT JOIN participants peer ON peer.conversation_id = m.conversation_id AND peer.user_id = m.peer_id
        LEFT JOIN users pu ON pu.tenant_id = m.tenant_id AND pu.id = m.peer_id
        ORDER BY m.place;
      END $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
