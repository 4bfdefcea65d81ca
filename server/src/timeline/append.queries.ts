import type pg from 'pg';
import { isDatabaseAway } from '../platform/app-error.js';
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

/** As `pool.query`, which would throw the connection away with every refused or repeated message. */
async function run<Row extends pg.QueryResultRow>(pool: pg.Pool, query: pg.QueryConfig): Promise<Row[]> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<Row>(query);
    client.release();
    return rows;
  } catch (error) {
    client.release(isDatabaseAway(error));
    throw error;
  }
}

/** Writes a whole batch in one statement and one commit, or fails as a whole. */
export async function appendFast(pool: pg.Pool, batch: Batch<Draft>, at: Date): Promise<Positions> {
  const { drafts } = batch;
  const [positions] = await run<{ last_seqs: string[]; last_revs: string[] }>(pool, {
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
  if (!positions) throw new Error('append_messages answered nothing');
  return { lastSeqs: toNumbers(positions.last_seqs), lastRevs: toNumbers(positions.last_revs) };
}

/** Writes each draft on its own; outcomes come in the order of the drafts. */
export async function appendCarefully(pool: pg.Pool, drafts: readonly Draft[], at: Date): Promise<Outcome[]> {
  return run<Outcome>(pool, {
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
}
