import { describe, expect, it } from 'vitest';
import { faultOf, tally } from './tally.rules.js';

const options = ['a', 'b', 'c'];

describe('a tally', () => {
  const votes = { byOption: [{ option: 2, count: 3, userIds: ['x', 'y', 'z'] }], voters: 3 };

  it('has a place for every option, also those without a vote', () => {
    expect(tally({ options, anonymous: false }, votes)).toEqual({
      counts: [0, 0, 3],
      userIds: [[], [], ['x', 'y', 'z']],
      voters: 3,
    });
  });

  it('names nobody where the poll is anonymous', () => {
    expect(tally({ options, anonymous: true }, votes).userIds).toEqual([[], [], []]);
  });
});

describe('a vote', () => {
  it.each<[number[], boolean, boolean]>([
    [[], false, true],
    [[2], false, true],
    [[0, 1], false, false],
    [[0, 1], true, true],
    [[1, 1], true, false],
    [[3], true, false],
  ])('for %j, where several are allowed: %s, is right: %s', (vote, multiple, expected) => {
    expect(faultOf({ options, multiple }, vote) === null).toBe(expected);
  });
});
