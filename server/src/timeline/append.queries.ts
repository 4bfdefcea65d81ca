import type pg from 'pg';
import type { Batch, Draft } from './batch.js';

/** For each conversation of a batch, the counters as they were before it. */
export interface Positions {
  readonly lastSeqs: readonly number[];
  readonly lastRevs: readonly number[];
}

/** What the careful path says of one draft. */
export type Outcome =
  | { readonly outcome: 'refused' | 'failed' }
  | {
      readonly outcome: 'stored' | 'repeated';
      readonly id: string;
      readonly seq: number;
      readonly rev: number;
      readonly createdAt: Date;
    };

const metadataOf = (draft: Draft): string | null => (draft.metadata ? JSON.stringify(draft.metadata) : null);
const toNumbers = (values: readonly (string | number)[]): number[] => values.map(Number);

/** Writes a whole batch in one statement and one commit, or fails as a whole. */
export async function appendFast(pool: pg.Pool, batch: Batch<Draft>, at: Date): Promise<Positions> {
  const { drafts } = batch;
  const { rows } = await pool.query<{ last_seqs: string[]; last_revs: string[] }>({
    name: 'append_messages',
    text: 'SELECT * FROM append_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
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
    ],
  });
  const [positions] = rows;
  if (!positions) throw new Error('append_messages answered nothing');
  return { lastSeqs: toNumbers(positions.last_seqs), lastRevs: toNumbers(positions.last_revs) };
}

/** Writes each draft on its own; outcomes come in the order of the drafts. */
export async function appendCarefully(pool: pg.Pool, drafts: readonly Draft[], at: Date): Promise<Outcome[]> {
  const { rows } = await pool.query<Outcome>({
    name: 'append_messages_carefully',
    text: `SELECT outcome, stored_id AS id, stored_seq AS seq, stored_rev AS rev, stored_at AS "createdAt"
           FROM append_messages_carefully($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      at,
      drafts.map((draft) => draft.conversationId),
      drafts.map((draft) => draft.id),
      drafts.map((draft) => draft.senderId),
      drafts.map((draft) => draft.clientMessageId),
      drafts.map((draft) => draft.messageType),
      drafts.map((draft) => draft.content),
      drafts.map(metadataOf),
    ],
  });
  return rows;
}
