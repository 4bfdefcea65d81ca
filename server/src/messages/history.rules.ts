import type { HistoryQuery } from '@parley/protocol';

/**
 * The positions a history query asks for, both ends included; empty when `from > to`. Positions have no holes, so a
 * page is a stretch of numbers and no message has to be counted.
 */
export function stretchOf(query: HistoryQuery, lastSeq: number): { from: number; to: number } {
  const { before, after, around, limit } = query;
  if (after !== undefined) {
    const from = Math.min(after, lastSeq) + 1;
    return { from, to: Math.min(from + limit - 1, lastSeq) };
  }
  if (around !== undefined) {
    const latestStart = Math.max(1, lastSeq - limit + 1);
    const from = Math.min(Math.max(1, around - Math.floor(limit / 2)), latestStart);
    return { from, to: Math.min(from + limit - 1, lastSeq) };
  }
  const to = before === undefined ? lastSeq : Math.max(0, Math.min(before - 1, lastSeq));
  return { from: Math.max(1, to - limit + 1), to };
}
