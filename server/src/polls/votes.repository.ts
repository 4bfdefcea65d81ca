import { Injectable } from '@nestjs/common';
import { NAMED_USERS } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';
import type { OptionVotes } from './tally.rules.js';

interface Place {
  readonly conversationId: string;
  readonly seq: number;
}

@Injectable()
export class VotesRepository {
  /** The numbers this person has voted for, ascending. */
  async optionsOf(tx: Tx, { conversationId, seq }: Place, userId: string): Promise<number[]> {
    const row = await tx.one<{ options: number[] }>(
      'SELECT options FROM poll_votes WHERE conversation_id = $1 AND seq = $2 AND user_id = $3',
      [conversationId, seq, userId],
    );
    return row?.options ?? [];
  }

  /** Puts a person's vote in the place of what they voted before. */
  async put(
    tx: Tx,
    { conversationId, seq }: Place,
    vote: {
      readonly tenantId: string;
      readonly userId: string;
      readonly options: readonly number[];
      readonly at: Date;
    },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO poll_votes (tenant_id, conversation_id, seq, user_id, options, voted_at)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (conversation_id, seq, user_id) DO UPDATE
       SET options = excluded.options, voted_at = excluded.voted_at`,
      [vote.tenantId, conversationId, seq, vote.userId, vote.options, vote.at],
    );
  }

  async withdraw(tx: Tx, { conversationId, seq }: Place, userId: string): Promise<void> {
    await tx.query('DELETE FROM poll_votes WHERE conversation_id = $1 AND seq = $2 AND user_id = $3', [
      conversationId,
      seq,
      userId,
    ]);
  }

  /** Counts all votes of a poll, and names the first who voted for each option. */
  async count(tx: Tx, { conversationId, seq }: Place): Promise<{ byOption: OptionVotes[]; voters: number }> {
    const byOption = await tx.query<OptionVotes>(
      `SELECT option, count(*)::int AS count,
              (array_agg(user_id ORDER BY voted_at, user_id))[1:${NAMED_USERS}] AS "userIds"
       FROM poll_votes, unnest(options) AS option
       WHERE conversation_id = $1 AND seq = $2 GROUP BY option`,
      [conversationId, seq],
    );
    const voters = await tx.one<{ count: number }>(
      'SELECT count(*)::int AS count FROM poll_votes WHERE conversation_id = $1 AND seq = $2',
      [conversationId, seq],
    );
    return { byOption, voters: voters?.count ?? 0 };
  }
}
