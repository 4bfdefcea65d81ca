import { z } from 'zod';

/** How many items a list answers with when the caller does not say. */
export const DEFAULT_LIMIT = 50;
/** The most items one page can hold. */
export const MAX_LIMIT = 100;

/** `limit` as it comes in a query string. */
export const Limit = z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT);

/** Query of a paged list: `cursor` is opaque and comes from the page before. */
export const PageQuery = z.strictObject({ limit: Limit, cursor: z.string().min(1).max(512).optional() });
export type PageQuery = z.infer<typeof PageQuery>;

/** A page of a list; `nextCursor` is null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
