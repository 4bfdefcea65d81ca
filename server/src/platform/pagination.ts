import { Timestamp } from '@parley/protocol';
import { z } from 'zod';
import { invalid } from './app-error.js';

/** A time within a cursor: as the server writes them, and none that PostgreSQL cannot read (it knows no year 0). */
export const SortTime = Timestamp.refine((time) => !time.startsWith('0000'));

/** Makes the opaque cursor of a list from the sort key of the last item shown. */
export const encodeCursor = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** Reads a cursor back into the sort key it was made from; garbage is a 400. */
export function decodeCursor<T extends z.ZodType>(schema: T, cursor: string | undefined): z.infer<T> | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw invalid('cursor', 'is not a cursor of this list');
  }
}

/** Cuts `limit + 1` rows into a page and the cursor of the next. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  shape: { item: (row: Row) => Item; key: (row: Row) => readonly unknown[] },
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(shape.item),
    nextCursor: rows.length > limit && last ? encodeCursor(shape.key(last)) : null,
  };
}
