import { Injectable } from '@nestjs/common';
import type { Message } from '@parley/protocol';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { EVERYONE } from './append.queries.js';
import { type MessageRow, toMessage } from './message.mapper.js';
import { MESSAGE_COLUMNS } from './timeline.repository.js';

/** A message that is to be gone. */
interface Ending {
  readonly seq: number;
  readonly deletedAt: Date;
}

/** What belongs to a message and lies elsewhere, by conversation and position. */
const TRACES = ['message_versions', 'reactions', 'poll_votes'] as const;

/** Messages that are gone for everyone: their place stays, and nothing of what they said. */
@Injectable()
export class TombstonesRepository {
  constructor(private readonly clock: Clock) {}

  /**
   * Leaves tombstones of these messages of one conversation, each counted as a change, with all that belonged to them
   * gone in the same transaction; the caller holds the conversation's lock. Returns them as events announce them.
   */
  async entomb(
    tx: Tx,
    conversationId: string,
    endings: readonly Ending[],
  ): Promise<{ message: Message; visibleFrom: number }[]> {
    const seqs = endings.map(({ seq }) => seq);
    await this.#unmention(tx, conversationId, seqs);
    for (const table of TRACES) {
      await tx.query(`DELETE FROM ${table} WHERE conversation_id = $1 AND seq = ANY ($2)`, [conversationId, seqs]);
    }
    const rows = await tx.query<MessageRow & { visibleFrom: number }>(
      `WITH moved AS (
         UPDATE conversations SET rev = rev + cardinality($2::bigint[]) WHERE id = $1
         RETURNING rev - cardinality($2::bigint[]) AS rev, newest_visible_from
       )
       UPDATE messages m
       SET rev = moved.rev + ending.place, is_changed = true, deleted_at = ending.at, content = NULL, metadata = NULL,
           mentions = NULL, reactions = NULL, forwarded_from = NULL, poll = NULL, pinned_by = NULL, pinned_at = NULL,
           reply_to_seq = NULL
       FROM moved, unnest($2::bigint[], $3::timestamptz[]) WITH ORDINALITY AS ending (seq, at, place)
       WHERE m.conversation_id = $1 AND m.seq = ending.seq
       RETURNING ${MESSAGE_COLUMNS}, moved.newest_visible_from AS "visibleFrom"`,
      [conversationId, seqs, endings.map(({ deletedAt }) => deletedAt)],
    );
    const now = this.clock.now();
    return rows
      .toSorted((a, b) => a.rev - b.rev)
      .map((row) => ({ message: toMessage(row, null, now), visibleFrom: row.visibleFrom }));
  }

  /** Finds the rows by whom the messages mention, which is how they are keyed. */
  async #unmention(tx: Tx, conversationId: string, seqs: readonly number[]): Promise<void> {
    await tx.query(
      `DELETE FROM mentions USING (
         SELECT DISTINCT m.seq, coalesce((mention ->> 'userId')::uuid, $3) AS user_id
         FROM messages m, jsonb_array_elements(m.mentions) AS mention
         WHERE m.conversation_id = $1 AND m.seq = ANY ($2)
       ) named
       WHERE mentions.conversation_id = $1 AND mentions.user_id = named.user_id AND mentions.seq = named.seq`,
      [conversationId, seqs, EVERYONE],
    );
  }
}
