import { Injectable } from '@nestjs/common';
import type { PollState } from '@parley/protocol';
import type { Tx } from '../platform/database/tx.js';

/** A message whose time has come. */
interface Due {
  readonly conversationId: string;
  readonly seq: number;
}

/** Finds what time alone changes: messages that disappear, polls that close. */
@Injectable()
export class DueMessagesRepository {
  /** Messages that are to be gone by now, longest due first. */
  findExpired(tx: Tx, now: Date, limit: number): Promise<Due[]> {
    return tx.query(
      `SELECT conversation_id AS "conversationId", seq FROM messages
       WHERE expires_at <= $1 AND deleted_at IS NULL ORDER BY expires_at LIMIT $2`,
      [now, limit],
    );
  }

  /** Of these messages those that are still there, under the conversation's lock, in order. */
  listStillThere(tx: Tx, conversationId: string, seqs: readonly number[]): Promise<{ seq: number; deletedAt: Date }[]> {
    return tx.query(
      `SELECT seq, expires_at AS "deletedAt" FROM messages
       WHERE conversation_id = $1 AND seq = ANY ($2) AND deleted_at IS NULL ORDER BY seq`,
      [conversationId, seqs],
    );
  }

  /** Open polls that are to be closed by now, longest due first. */
  findClosing(tx: Tx, now: Date, limit: number): Promise<Due[]> {
    return tx.query(
      `SELECT conversation_id AS "conversationId", seq FROM messages
       WHERE message_type = 'poll' AND deleted_at IS NULL AND poll ->> 'closedAt' IS NULL
         AND (metadata ->> 'closesAt') COLLATE "C" <= $1
       ORDER BY (metadata ->> 'closesAt') COLLATE "C" LIMIT $2`,
      [now.toISOString(), limit],
    );
  }

  /** Of these polls those that are still open, under the conversation's lock, in order. */
  listStillOpen(
    tx: Tx,
    conversationId: string,
    seqs: readonly number[],
  ): Promise<{ seq: number; poll: PollState; closesAt: string }[]> {
    return tx.query(
      `SELECT seq, poll, metadata ->> 'closesAt' AS "closesAt" FROM messages
       WHERE conversation_id = $1 AND seq = ANY ($2) AND deleted_at IS NULL AND poll ->> 'closedAt' IS NULL
       ORDER BY seq`,
      [conversationId, seqs],
    );
  }
}
