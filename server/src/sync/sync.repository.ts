import { Injectable } from '@nestjs/common';
import type { HiddenMessage } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import type { Viewer } from '../platform/viewer.js';
import { MESSAGE_COLUMNS, type MessageRow } from '../timeline/index.js';
import type { Standing, Stretch } from './sync.rules.js';

const HIDDEN = `LEFT JOIN hidden_messages h ON h.tenant_id = $1 AND h.user_id = $2
  AND h.conversation_id = m.conversation_id AND h.seq = m.seq`;

/** What has happened since a cursor, for many conversations in one statement each. */
@Injectable()
export class SyncRepository {
  /** All conversations of a member, most recent activity first, with no more than it takes to see what is new. */
  listStandings(tx: Tx, { tenantId, userId }: Viewer): Promise<Standing[]> {
    return tx.query(
      `SELECT c.id, c.last_seq AS "lastSeq", c.rev, p.visible_from_seq AS "visibleFromSeq", p.inbox_rev AS "inboxRev"
       FROM participants p JOIN conversations c ON c.id = p.conversation_id
       WHERE p.tenant_id = $1 AND p.user_id = $2 AND p.left_at IS NULL
       ORDER BY c.last_activity_at DESC, c.id DESC`,
      [tenantId, userId],
    );
  }

  /** The messages behind each cursor, as many as the stretch takes, ascending within each conversation. */
  async listNew(tx: Tx, viewer: Viewer, stretches: readonly Stretch[]): Promise<MessageRow[]> {
    const wanted = stretches.filter(({ take }) => take > 0);
    if (wanted.length === 0) return [];
    return tx.query(
      `SELECT ${MESSAGE_COLUMNS}, h.seq IS NOT NULL AS "isHidden"
       FROM unnest($3::uuid[], $4::bigint[], $5::integer[]) AS cursor (conversation_id, seq, take)
       CROSS JOIN LATERAL (
         SELECT * FROM messages WHERE conversation_id = cursor.conversation_id AND seq > cursor.seq
         ORDER BY seq LIMIT cursor.take
       ) m ${HIDDEN}
       ORDER BY m.conversation_id, m.seq`,
      [
        viewer.tenantId,
        viewer.userId,
        wanted.map(({ standing }) => standing.id),
        wanted.map(({ cursor }) => cursor.seq),
        wanted.map(({ take }) => take),
      ],
    );
  }

  /** Messages a client has that have changed since its cursor, in the order of their changes, at most `limit` of each. */
  async listChanged(tx: Tx, viewer: Viewer, stretches: readonly Stretch[], limit: number): Promise<MessageRow[]> {
    if (stretches.length === 0) return [];
    return tx.query(
      `SELECT ${MESSAGE_COLUMNS}, h.seq IS NOT NULL AS "isHidden"
       FROM unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[])
         AS cursor (conversation_id, seq, rev, visible_from)
       CROSS JOIN LATERAL (
         SELECT * FROM messages
         WHERE conversation_id = cursor.conversation_id AND is_changed AND rev > cursor.rev
           AND seq BETWEEN cursor.visible_from AND cursor.seq
         ORDER BY rev LIMIT $7
       ) m ${HIDDEN}
       ORDER BY m.conversation_id, m.rev`,
      [
        viewer.tenantId,
        viewer.userId,
        stretches.map(({ standing }) => standing.id),
        stretches.map(({ cursor }) => cursor.seq),
        stretches.map(({ cursor }) => cursor.rev),
        stretches.map(({ standing }) => standing.visibleFromSeq),
        limit,
      ],
    );
  }

  /** What the viewer has deleted for themselves since, in the order of the inbox. */
  listHidden(
    tx: Tx,
    { tenantId, userId }: Viewer,
    since: number,
    limit: number,
  ): Promise<(HiddenMessage & { inboxRev: number })[]> {
    return tx.query(
      `SELECT conversation_id AS "conversationId", seq, inbox_rev AS "inboxRev" FROM hidden_messages
       WHERE tenant_id = $1 AND user_id = $2 AND inbox_rev > $3 ORDER BY inbox_rev LIMIT $4`,
      [tenantId, userId, since, limit],
    );
  }
}
