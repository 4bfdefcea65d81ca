import type { HistoryQuery } from '@parley/protocol';

/**
 * The positions a history query asks for, both ends included; empty when `from > to`. Positions have no holes, so a
 * page is a stretch of numbers and no message has to be counted. `visible` is what the reader can see of the whole.
 */
export function stretchOf(
  query: HistoryQuery,
  visible: { readonly first: number; readonly last: number },
): { from: number; to: number } {
  const { before, after, around, limit } = query;
  const { first, last } = visible;
  if (after !== undefined) {
    const from = Math.max(first, Math.min(after, last) + 1);
    return { from, to: Math.min(from + limit - 1, last) };
  }
  if (around !== undefined) {
    const latestStart = Math.max(first, last - limit + 1);
    const from = Math.min(Math.max(first, around - Math.floor(limit / 2)), latestStart);
    return { from, to: Math.min(from + limit - 1, last) };
  }
  const to = before === undefined ? last : Math.max(first - 1, Math.min(before - 1, last));
  return { from: Math.max(first, to - limit + 1), to };
}
