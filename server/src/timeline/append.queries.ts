import type pg from 'pg';
import type { Batch, Draft, Facts } from './batch.js';
import { QUOTED, type QuotedRow, type Quotes, toQuotes } from './quotes.js';

/** For each conversation of a batch, its counters as they were before it, and what holds for its new messages. */
export interface Positions {
  readonly lastSeqs: readonly number[];
  readonly lastRevs: readonly number[];
  readonly expiries: readonly (Date | null)[] | null;
  /** From where on every member can read; null where that is the beginning in all of them. */
  readonly visibleFroms: readonly number[] | null;
}

/** What is to become of one draft of a batch that could not be written as it was. */
export type Outcome =
  | { readonly outcome: 'free' | 'unseated' | 'forbidden' | 'silenced' }
  | { readonly outcome: 'slow'; readonly waitMs: number }
  | { readonly outcome: 'doubled'; readonly id: string }
  | {
      readonly outcome: 'repeated';
      readonly id: string;
      readonly seq: number;
      readonly rev: number;
      readonly createdAt: Date;
      readonly expiresAt: Date | null;
    };

/** Everyone in a conversation, where the id of one person is expected. */
export const EVERYONE = '00000000-0000-0000-0000-000000000000';

const metadataOf = (draft: Draft): string | null => (draft.metadata ? JSON.stringify(draft.metadata) : null);
const toNumbers = (values: readonly (string | number)[]): number[] => values.map(Number);

/** As the writing function reads them. */
function toFacts({ replyToSeq, threadSeq, mentions, forwardedFrom, poll }: Facts): string {
  const mentioned = mentions && [...new Set(mentions.map(({ userId }) => userId ?? EVERYONE))];
  return JSON.stringify({ replyToSeq, threadSeq, mentions, mentioned, forwardedFrom, poll });
}

const factsOf = (drafts: readonly Draft[]): (string | null)[] | null =>
  drafts.some(({ facts }) => facts !== null) ? drafts.map(({ facts }) => facts && toFacts(facts)) : null;

/**
 * Writes a whole batch in one statement, or fails as a whole. One that has been through `sortBatch` in the same
 * transaction is not asked again who may write.
 */
export async function appendBatch(
  client: pg.ClientBase,
  batch: Batch<Draft>,
  at: Date,
  isSorted: boolean,
): Promise<Positions> {
  const { drafts } = batch;
  const { rows } = await client.query<{
    last_seqs: string[];
    last_revs: string[];
    expiries: (Date | null)[] | null;
    visible_froms: string[] | null;
  }>({
    name: 'append_batch',
    text: 'SELECT * FROM append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
    values: [
      at,
      batch.conversationIds,
      batch.counts,
      batch.groups,
      batch.places,
      drafts.map((draft) => draft.id),
      drafts.map((draft) => draft.senderId),
      drafts.map((draft) => draft.clientMessageId),
      drafts.map((draft) => draft.messageType),
      drafts.map((draft) => draft.content),
      drafts.map(metadataOf),
      factsOf(drafts),
      isSorted,
    ],
  });
  const [positions] = rows;
  if (!positions) throw new Error('append_batch answered nothing');
  return {
    lastSeqs: toNumbers(positions.last_seqs),
    lastRevs: toNumbers(positions.last_revs),
    expiries: positions.expiries,
    visibleFroms: positions.visible_froms && toNumbers(positions.visible_froms),
  };
}

/** Which of these drafts' conversations somebody else keeps locked at this moment. */
export async function findHeld(client: pg.ClientBase, drafts: readonly Draft[]): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'find_held',
    text: `WITH free AS (SELECT id FROM conversations WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
           SELECT id FROM conversations WHERE id = ANY ($1::uuid[]) AND id NOT IN (SELECT id FROM free)`,
    values: [drafts.map((draft) => draft.conversationId)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Locks a batch's conversations and says of each draft what is to become of it, in the order of the drafts. */
export async function sortBatch(client: pg.ClientBase, drafts: readonly Draft[], at: Date): Promise<Outcome[]> {
  const { rows } = await client.query<Outcome>({
    name: 'sort_batch',
    text: `SELECT outcome, stored_id AS id, stored_seq AS seq, stored_rev AS rev, stored_at AS "createdAt",
                  stored_expiry AS "expiresAt", wait_ms AS "waitMs"
           FROM sort_batch($1, $2, $3, $4, $5)`,
    values: [
      at,
      drafts.map((draft) => draft.conversationId),
      drafts.map((draft) => draft.id),
      drafts.map((draft) => draft.senderId),
      drafts.map((draft) => draft.clientMessageId),
    ],
  });
  return rows;
}

/**
 * What the replies among these drafts quote, as it is now: read after they are written, so that no words go out that
 * were deleted while the reply was under way. Null where nothing is quoted.
 */
export async function readQuotes(client: pg.ClientBase, drafts: readonly Draft[], now: Date): Promise<Quotes | null> {
  const replies = drafts.filter(({ facts }) => facts?.replyToSeq !== undefined);
  if (replies.length === 0) return null;
  const { rows } = await client.query<QuotedRow>(QUOTED, [
    replies.map((draft) => draft.conversationId),
    replies.map((draft) => draft.facts?.replyToSeq),
  ]);
  return toQuotes(rows, now);
}
