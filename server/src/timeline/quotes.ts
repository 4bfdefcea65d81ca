import { type Quote, QUOTE_LENGTH } from '@parley/protocol';
import type { MessageEntity } from './message.entity.js';

/** A place in the timeline. */
export interface Place {
  readonly conversationId: string;
  readonly seq: number;
}

/** What a quote is made from. */
export type QuotedRow = Pick<
  MessageEntity,
  'conversationId' | 'seq' | 'id' | 'senderId' | 'messageType' | 'content' | 'deletedAt' | 'expiresAt'
>;

/** Finds the messages quoted, by parallel arrays of conversations ($1) and positions ($2). */
export const QUOTED = `SELECT m.conversation_id AS "conversationId", m.seq, m.id, m.sender_id AS "senderId",
    m.message_type AS "messageType", left(m.content, ${QUOTE_LENGTH}) AS content, m.deleted_at AS "deletedAt",
    m.expires_at AS "expiresAt"
  FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::bigint[]) AS at (conversation_id, seq)) at
  JOIN messages m ON m.conversation_id = at.conversation_id AND m.seq = at.seq`;

/** Quotes by the place of what they quote. */
export type Quotes = ReadonlyMap<string, Quote>;

export const placeKey = ({ conversationId, seq }: Place): string => `${conversationId} ${seq}`;

export const toQuotes = (rows: readonly QuotedRow[], now: Date): Quotes =>
  new Map(rows.map((row) => [placeKey(row), toQuote(row, now)]));

/** A message as a reply to it shows it now. */
function toQuote(row: QuotedRow, now: Date): Quote {
  const isDue = row.expiresAt !== null && row.expiresAt <= now;
  const deletedAt = row.deletedAt ?? (isDue ? row.expiresAt : null);
  return {
    id: row.id,
    seq: row.seq,
    senderId: row.senderId,
    messageType: row.messageType,
    content: deletedAt || row.content === null ? null : Array.from(row.content).slice(0, QUOTE_LENGTH).join(''),
    deletedAt: deletedAt?.toISOString() ?? null,
  };
}

/** What is left of a quote for a reader who may not see the message it quotes. */
export const bareQuote = ({ id, seq }: Pick<Quote, 'id' | 'seq'>): Quote => ({
  id,
  seq,
  senderId: null,
  messageType: null,
  content: null,
  deletedAt: null,
});
