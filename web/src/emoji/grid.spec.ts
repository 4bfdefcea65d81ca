import { describe, expect, it } from 'vitest';
import { moved } from './grid.js';
import { withUse } from './kept.js';

describe('moving through the emojis by keys', () => {
  // Rows of eight: [0-2], [0-7 8-10], [0-0].
  const sizes = [3, 11, 1];
  const at = (section: number, index: number) => ({ section, index });

  it.each([
    ['ArrowRight', at(0, 0), at(0, 1)],
    ['ArrowRight', at(0, 2), at(1, 0)],
    ['ArrowRight', at(2, 0), at(2, 0)],
    ['ArrowLeft', at(1, 0), at(0, 2)],
    ['ArrowLeft', at(0, 0), at(0, 0)],
    ['ArrowDown', at(0, 1), at(1, 1)],
    ['ArrowDown', at(1, 1), at(1, 9)],
    ['ArrowDown', at(1, 7), at(1, 10)],
    ['ArrowDown', at(1, 10), at(2, 0)],
    ['ArrowDown', at(2, 0), at(2, 0)],
    ['ArrowUp', at(1, 9), at(1, 1)],
    ['ArrowUp', at(1, 7), at(0, 2)],
    ['ArrowUp', at(2, 0), at(1, 8)],
    ['ArrowUp', at(0, 1), at(0, 1)],
    ['Home', at(1, 9), at(0, 0)],
    ['End', at(0, 0), at(2, 0)],
    ['a', at(0, 0), undefined],
  ])('%s from %j leads to %j', (key, from, to) => {
    expect(moved(sizes, from, key)).toEqual(to);
  });
});

describe('the emojis that are used', () => {
  it('stand by how often, and lately, they were used', () => {
    const after = (...ids: string[]) => ids.reduce(withUse, []).map(([id]) => id);
    expect(after('a', 'a', 'b')).toEqual(['a', 'b']);
    expect(after('a', 'b')).toEqual(['b', 'a']);
    expect(after(...Array.from({ length: 60 }, (_, index) => `${index}`))).toHaveLength(48);
  });
});
