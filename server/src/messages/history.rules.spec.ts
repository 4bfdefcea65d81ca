import { describe, expect, it } from 'vitest';
import { stretchOf } from './history.rules.js';

const LIMITS = [1, 2, 3, 5, 50, 100];
const LENGTHS = [0, 1, 2, 3, 4, 7, 49, 50, 51, 101];
const POSITIONS = [0, 1, 2, 3, 25, 49, 50, 51, 100, 101, 102, 1_000, Number.MAX_SAFE_INTEGER];
const cases = LIMITS.flatMap((limit) =>
  LENGTHS.flatMap((lastSeq) => POSITIONS.map((position) => ({ limit, lastSeq, position }))),
);

describe('the stretch of a history page', () => {
  it.each(['before', 'after', 'around'] as const)('lies within the history and is no longer than asked (%s)', (key) => {
    for (const { limit, lastSeq, position } of cases) {
      const { from, to } = stretchOf({ limit, [key]: position }, { first: 1, last: lastSeq });
      expect([from, to].every(Number.isSafeInteger)).toBe(true);
      expect(from).toBeGreaterThanOrEqual(1);
      expect(to).toBeLessThanOrEqual(lastSeq);
      expect(to - from + 1).toBeLessThanOrEqual(limit);
    }
  });

  it('holds the message that is asked for around, wherever it stands', () => {
    for (const { limit, lastSeq, position } of cases) {
      if (position < 1 || position > lastSeq) continue;
      const { from, to } = stretchOf({ limit, around: position }, { first: 1, last: lastSeq });
      expect(from <= position && position <= to).toBe(true);
    }
  });

  it('is full whenever the history is long enough around the message', () => {
    for (const { limit, lastSeq, position } of cases) {
      const { from, to } = stretchOf({ limit, around: position }, { first: 1, last: lastSeq });
      expect(to - from + 1).toBe(Math.min(limit, lastSeq));
    }
  });

  it('is the newest page when nothing is asked for', () => {
    for (const { limit, lastSeq } of cases) {
      const { from, to } = stretchOf({ limit }, { first: 1, last: lastSeq });
      expect([from, to]).toEqual([Math.max(1, lastSeq - limit + 1), lastSeq]);
    }
  });

  it.each(['before', 'after'] as const)('covers the whole history, once, page by page (%s)', (key) => {
    for (const limit of LIMITS) {
      for (const lastSeq of LENGTHS) {
        const seen: number[] = [];
        let at = key === 'after' ? 0 : lastSeq + 1;
        for (;;) {
          const { from, to } = stretchOf({ limit, [key]: at }, { first: 1, last: lastSeq });
          if (from > to) break;
          for (let seq = from; seq <= to; seq += 1) seen.push(seq);
          at = key === 'after' ? to : from;
        }
        const all = Array.from({ length: lastSeq }, (_, index) => index + 1);
        expect(seen.toSorted((a, b) => a - b)).toEqual(all);
      }
    }
  });

  it.each(['before', 'after', 'around'] as const)('never reaches behind what the reader can see (%s)', (key) => {
    for (const { limit, lastSeq, position } of cases) {
      const visible = { first: Math.ceil(lastSeq / 2) + 1, last: lastSeq };
      const { from, to } = stretchOf({ limit, [key]: position }, visible);
      if (from <= to) expect(from).toBeGreaterThanOrEqual(visible.first);
      expect(to).toBeLessThanOrEqual(lastSeq);
    }
  });
});
