import { Injectable } from '@nestjs/common';
import type { Message, SystemMetadata } from '@parley/protocol';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import type { MessageEntity } from './message.entity.js';
import { type MessageRow, toMessage } from './message.mapper.js';
import { bareQuote, placeKey, QUOTED, type QuotedRow, type Quotes, toQuotes } from './quotes.js';

/** Whose eyes a message is shown to: a member, and the first position they can read. */
export interface Sight {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly visibleFromSeq: number;
}

/** What a change may set; what is left out stays. */
export type Change = Partial<
  Pick<
    MessageEntity,
    | 'content'
    | 'metadata'
    | 'editedAt'
    | 'deletedAt'
    | 'mentions'
    | 'reactions'
    | 'forwardedFrom'
    | 'poll'
    | 'pinnedBy'
    | 'pinnedAt'
    | 'replyToSeq'
  >
>;

/** What a message `m` is shown from. */
export const MESSAGE_COLUMNS = `m.conversation_id AS "conversationId", m.seq, m.rev, m.id, m.sender_id AS "senderId",
  m.client_message_id AS "clientMessageId", m.message_type AS "messageType", m.content, m.metadata,
  m.created_at AS "createdAt", m.edited_at AS "editedAt", m.deleted_at AS "deletedAt",
  m.reply_to_seq AS "replyToSeq", m.thread_seq AS "threadSeq", m.mentions, m.reactions,
  m.forwarded_from AS "forwardedFrom", m.poll, m.pinned_by AS "pinnedBy", m.pinned_at AS "pinnedAt",
  m.expires_at AS "expiresAt"`;

const CHANGE_COLUMNS: Readonly<Record<keyof Change, string>> = {
  content: 'content',
  metadata: 'metadata',
  editedAt: 'edited_at',
  deletedAt: 'deleted_at',
  mentions: 'mentions',
  reactions: 'reactions',
  forwardedFrom: 'forwarded_from',
  poll: 'poll',
  pinnedBy: 'pinned_by',
  pinnedAt: 'pinned_at',
  replyToSeq: 'reply_to_seq',
};
const JSON_COLUMNS: ReadonlySet<string> = new Set(['metadata', 'mentions', 'reactions', 'forwardedFrom', 'poll']);

/** The messages of conversations: read by position, changed one by one, and written for what the server has to say. */
@Injectable()
export class TimelineRepository {
  constructor(private readonly clock: Clock) {}

  /** Messages `from` to `to`, both included, ascending. Positions have no holes, so a page costs the same at any depth. */
  async range(tx: Tx, sight: Sight, from: number, to: number): Promise<Message[]> {
    const rows = await tx.query<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS}, h.seq IS NOT NULL AS "isHidden" FROM messages m
       LEFT JOIN hidden_messages h ON h.tenant_id = $4 AND h.user_id = $5 AND h.conversation_id = $1 AND h.seq = m.seq
       WHERE m.conversation_id = $1 AND m.seq BETWEEN $2 AND $3 ORDER BY m.seq`,
      [sight.conversationId, Math.max(from, sight.visibleFromSeq), to, sight.tenantId, sight.userId],
    );
    return this.show(tx, rows, () => sight.visibleFromSeq);
  }

  /** One message for each reader, in the order asked; null where there is none that the reader can see. */
  async at(tx: Tx, positions: readonly (Sight & { readonly seq: number })[]): Promise<(Message | null)[]> {
    if (positions.length === 0) return [];
    const rows = await tx.query<MessageRow & { place: number; visibleFrom: number }>(
      `SELECT ${MESSAGE_COLUMNS}, h.seq IS NOT NULL AS "isHidden", at.place::int, at.visible_from AS "visibleFrom"
       FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::bigint[]) WITH ORDINALITY
         AS at (conversation_id, seq, tenant_id, user_id, visible_from, place)
       JOIN messages m ON m.conversation_id = at.conversation_id AND m.seq = at.seq
       LEFT JOIN hidden_messages h ON h.tenant_id = at.tenant_id AND h.user_id = at.user_id
         AND h.conversation_id = at.conversation_id AND h.seq = at.seq
       WHERE at.seq >= at.visible_from`,
      [
        positions.map((at) => at.conversationId),
        positions.map((at) => at.seq),
        positions.map((at) => at.tenantId),
        positions.map((at) => at.userId),
        positions.map((at) => at.visibleFromSeq),
      ],
    );
    const shown = await this.show(tx, rows, (row) => row.visibleFrom);
    const byPlace = new Map(rows.map((row, index) => [row.place, shown[index] ?? null]));
    return positions.map((_, index) => byPlace.get(index + 1) ?? null);
  }

  /** Completes rows with what they quote; a quote from before the row's reader begins to see is bare. */
  async show<Row extends MessageRow>(
    tx: Tx,
    rows: readonly Row[],
    visibleFrom: (row: Row) => number,
  ): Promise<Message[]> {
    const now = this.clock.now();
    const quotes = await this.#quotes(tx, rows, now);
    return rows.map((row) => {
      const quote =
        row.replyToSeq === null
          ? undefined
          : quotes.get(placeKey({ conversationId: row.conversationId, seq: row.replyToSeq }));
      const isVisible = quote && quote.seq >= visibleFrom(row);
      return toMessage(row, quote ? (isVisible ? quote : bareQuote(quote)) : null, now);
    });
  }

  /** A message by its id alone, and whether the reader has deleted it; who may see it is the caller's business. */
  findById(
    tx: Tx,
    reader: { readonly tenantId: string; readonly userId: string },
    id: string,
  ): Promise<(MessageRow & { readonly isHidden: boolean }) | null> {
    return tx.one(
      `SELECT ${MESSAGE_COLUMNS}, h.seq IS NOT NULL AS "isHidden" FROM messages m
       LEFT JOIN hidden_messages h ON h.tenant_id = $1 AND h.user_id = $2
         AND h.conversation_id = m.conversation_id AND h.seq = m.seq
       WHERE m.id = $3 AND m.tenant_id = $1`,
      [reader.tenantId, reader.userId, id],
    );
  }

  /** Where the message lies that this sender has stored under this client message id, if there is one. */
  async findSent(
    tx: Tx,
    at: { readonly conversationId: string; readonly senderId: string; readonly clientMessageId: string },
  ): Promise<number | null> {
    const row = await tx.one<{ seq: number }>(
      'SELECT seq FROM messages WHERE conversation_id = $1 AND sender_id = $2 AND client_message_id = $3',
      [at.conversationId, at.senderId, at.clientMessageId],
    );
    return row?.seq ?? null;
  }

  /** Replies in the thread that began at `root`, after a position, oldest first. */
  async thread(tx: Tx, sight: Sight, root: number, page: { after: number; limit: number }): Promise<Message[]> {
    const rows = await tx.query<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS}, h.seq IS NOT NULL AS "isHidden" FROM messages m
       LEFT JOIN hidden_messages h ON h.tenant_id = $5 AND h.user_id = $6 AND h.conversation_id = $1 AND h.seq = m.seq
       WHERE m.conversation_id = $1 AND m.thread_seq = $2 AND m.seq > $3 ORDER BY m.seq LIMIT $4`,
      [sight.conversationId, root, page.after, page.limit, sight.tenantId, sight.userId],
    );
    return this.show(tx, rows, () => sight.visibleFromSeq);
  }

  /** How many replies of a thread are still there. */
  async countReplies(tx: Tx, conversationId: string, root: number): Promise<number> {
    const row = await tx.one<{ count: number }>(
      `SELECT count(*)::int AS count FROM messages
       WHERE conversation_id = $1 AND thread_seq = $2 AND deleted_at IS NULL`,
      [conversationId, root],
    );
    return row?.count ?? 0;
  }

  /** Whether a message has disappeared, though the sweeper may not have been there yet. */
  isDue(row: Pick<MessageRow, 'expiresAt'>): boolean {
    return row.expiresAt !== null && row.expiresAt <= this.clock.now();
  }

  async seqOf(tx: Tx, conversationId: string, messageId: string): Promise<number | null> {
    const row = await tx.one<{ seq: number }>('SELECT seq FROM messages WHERE conversation_id = $1 AND id = $2', [
      conversationId,
      messageId,
    ]);
    return row?.seq ?? null;
  }

  /**
   * Changes a message and counts the change, under the lock of its conversation. `visibleFrom` is where the newest member
   * begins to read.
   */
  async change(
    tx: Tx,
    at: { readonly conversationId: string; readonly seq: number },
    change: Change,
  ): Promise<{ message: Message; visibleFrom: number }> {
    const keys = Object.keys(change) as (keyof Change)[];
    const assignments = keys.map((key, index) => `${CHANGE_COLUMNS[key]} = $${index + 3}`);
    const rows = await tx.query<MessageRow & { visibleFrom: number }>(
      `WITH moved AS (UPDATE conversations SET rev = rev + 1 WHERE id = $1 RETURNING rev, newest_visible_from)
       UPDATE messages m SET ${['rev = moved.rev', 'is_changed = true', ...assignments].join(', ')} FROM moved
       WHERE m.conversation_id = $1 AND m.seq = $2
       RETURNING ${MESSAGE_COLUMNS}, moved.newest_visible_from AS "visibleFrom"`,
      [at.conversationId, at.seq, ...keys.map((key) => asParameter(key, change[key]))],
    );
    const [row] = rows;
    const [message] = await this.show(tx, rows, () => 1);
    if (!row || !message) throw new Error(`No message ${at.seq} in ${at.conversationId} to change`);
    return { message, visibleFrom: row.visibleFrom };
  }

  /**
   * How much each seat has left to read: after the mark, visible, not one's own, not deleted; and in how much of it the
   * reader is mentioned.
   */
  async countUnread(
    tx: Tx,
    seats: readonly (Sight & { readonly lastReadSeq: number })[],
  ): Promise<{ unread: number; mentions: number }[]> {
    if (seats.length === 0) return [];
    return tx.query('SELECT unread, mentions FROM count_unread($1, $2, $3, $4)', [
      seats.map((seat) => seat.tenantId),
      seats.map((seat) => seat.conversationId),
      seats.map((seat) => seat.userId),
      seats.map((seat) => Math.max(seat.lastReadSeq, seat.visibleFromSeq - 1)),
    ]);
  }

  /** Adds what the server itself says of a conversation; the caller holds the conversation's lock. */
  async appendSystem(
    tx: Tx,
    message: { conversationId: string; actorId: string; metadata: SystemMetadata; at: Date },
  ): Promise<Message> {
    const { conversationId, actorId, metadata, at } = message;
    const rows = await tx.query<MessageRow>(
      `WITH moved AS (
         UPDATE conversations SET last_seq = last_seq + 1, rev = rev + 1, last_activity_at = $5
         WHERE id = $1 RETURNING tenant_id, last_seq, rev
       )
       INSERT INTO messages AS m (tenant_id, conversation_id, seq, rev, id, sender_id, message_type, metadata, created_at)
       SELECT moved.tenant_id, $1, moved.last_seq, moved.rev, $2, $3, 'system', $4, $5 FROM moved
       RETURNING ${MESSAGE_COLUMNS}`,
      [conversationId, newId(), actorId, JSON.stringify(metadata), at],
    );
    const [row] = rows;
    if (!row) throw new Error(`No conversation ${conversationId} to write into`);
    return toMessage(row, null, at);
  }

  async #quotes(tx: Tx, rows: readonly MessageRow[], now: Date): Promise<Quotes> {
    const replies = rows.filter((row) => row.replyToSeq !== null && row.deletedAt === null);
    if (replies.length === 0) return new Map();
    const quoted = await tx.query<QuotedRow>(QUOTED, [
      replies.map((row) => row.conversationId),
      replies.map((row) => row.replyToSeq),
    ]);
    return toQuotes(quoted, now);
  }
}

const asParameter = (key: string, value: unknown): unknown =>
  JSON_COLUMNS.has(key) && value !== null && value !== undefined ? JSON.stringify(value) : value;
