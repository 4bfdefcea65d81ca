import { describe, expect, it } from 'vitest';
import { amount, shapeOf, stretches } from './archive-shape.js';

describe('an archive', () => {
  it('has a tenth of its messages in one conversation and the rest in many', () => {
    expect(shapeOf(10_000_000)).toEqual({ longLength: 1_000_000, commonLength: 900, conversations: 10_000 });
  });

  it.each([10_000, 100_000, 1_000_000])('of %i messages has conversations enough for both readers', (messages) => {
    const { longLength, commonLength, conversations } = shapeOf(messages);
    expect(conversations).toBeGreaterThanOrEqual(550);
    const total = longLength + commonLength * conversations;
    expect(total).toBeLessThanOrEqual(messages);
    expect(total).toBeGreaterThan(messages * 0.9);
  });

  it('is written in stretches that leave nothing out', () => {
    expect(stretches(1, 10, 4)).toEqual([
      [1, 4],
      [5, 8],
      [9, 10],
    ]);
    expect(stretches(5, 4, 4)).toEqual([]);
  });

  it('has a size that people can write', () => {
    expect([amount('10M'), amount('500k'), amount('20000')]).toEqual([10_000_000, 500_000, 20_000]);
    expect(() => amount('10G')).toThrow('not an amount');
    expect(() => amount('9k')).toThrow('not an amount');
  });
});
