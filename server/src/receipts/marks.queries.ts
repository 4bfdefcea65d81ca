import type { Conversation } from '@parley/protocol';
import type pg from 'pg';
import type { PlaceRow } from '../conversations/index.js';

/** How far one person wants to have received and read; null where nothing is said of it. */
export interface Mark {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly readSeq: number | null;
  readonly deliveredSeq: number | null;
}

/** A person's place after their marks have moved, or have stayed where they were. */
export interface MarkedSeat extends PlaceRow {
  readonly readBefore: number;
  readonly deliveredBefore: number;
  /** The read mark as others may know it. */
  readonly sharedReadSeq: number;
  /** What is left to read, and in how much of it this person is mentioned; null where something was only delivered. */
  readonly unread: number | null;
  readonly mentions: number | null;
  /** Whether anything in this place is new. */
  readonly isChanged: boolean;
  /** Whether this person lets others know what was read. */
  readonly isSharing: boolean;
  readonly type: Conversation['type'];
  /** Of the conversation, to which the counts belong. */
  readonly rev: number;
  /** The other person of a direct conversation, where there is something new for them to see. */
  readonly peerId: string | null;
  readonly isPeerSharing: boolean | null;
  /** The change of the peer's inbox that what is told them is. */
  readonly peerRev: number | null;
}

/** Places that have changed in one commit. */
export interface MovedMarks {
  readonly at: Date;
  readonly marks: readonly (Pick<Mark, 'conversationId' | 'userId'> & { readonly seat: MarkedSeat })[];
}

const NOTHING_READ = -1;

/** Moves all these marks in one commit; null for who has no seat. They are of distinct seats. */
export async function moveMarks(pool: pg.Pool, marks: readonly Mark[], at: Date): Promise<(MarkedSeat | null)[]> {
  const { rows } = await pool.query<{ [K in keyof MarkedSeat]: MarkedSeat[K] | null }>({
    name: 'move_marks',
    text: `SELECT read_before AS "readBefore", delivered_before AS "deliveredBefore", is_changed AS "isChanged", unread,
                  mentions, is_sharing AS "isSharing", type, rev, peer_id AS "peerId", is_peer_sharing AS "isPeerSharing",
                  peer_rev AS "peerRev", inbox_rev AS "inboxRev", last_read_seq AS "lastReadSeq", last_delivered_seq AS "lastDeliveredSeq",
                  shared_read_seq AS "sharedReadSeq", role, joined_at AS "joinedAt",
                  visible_from_seq AS "visibleFromSeq", is_marked_unread AS "isMarkedUnread",
                  muted_until AS "mutedUntil", silenced_until AS "silencedUntil", is_pinned AS "isPinned",
                  is_archived AS "isArchived", draft
           FROM move_marks($1, $2, $3, $4, $5, $6)`,
    values: [
      at,
      marks.map(({ tenantId }) => tenantId),
      marks.map(({ conversationId }) => conversationId),
      marks.map(({ userId }) => userId),
      marks.map(({ readSeq }) => readSeq ?? NOTHING_READ),
      marks.map(({ deliveredSeq }) => deliveredSeq ?? NOTHING_READ),
    ],
  });
  return rows.map((row) => (row.readBefore === null ? null : (row as MarkedSeat)));
}
