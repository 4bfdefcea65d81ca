import { describe, expect, it } from 'vitest';
import { type Draft, toBatch } from './batch.js';

const draft = (conversationId: string, content: string): Draft => ({
  id: `id of ${content}`,
  conversationId,
  senderId: 'sender',
  clientMessageId: null,
  messageType: 'text',
  content,
  metadata: null,
  facts: null,
});

/** Small, repeatable randomness; the seed is in the name of the test that fails. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('a batch', () => {
  it('groups drafts by conversation, conversations ascending', () => {
    const batch = toBatch([draft('b', '1'), draft('a', '2'), draft('b', '3'), draft('c', '4'), draft('a', '5')]);
    expect(batch).toMatchObject({
      conversationIds: ['a', 'b', 'c'],
      counts: [2, 2, 1],
      groups: [1, 1, 2, 2, 3],
      places: [1, 2, 1, 2, 1],
    });
    expect(batch.drafts.map(({ content }) => content)).toEqual(['2', '5', '1', '3', '4']);
  });

  it('of nothing is empty', () => {
    expect(toBatch([])).toEqual({ drafts: [], conversationIds: [], counts: [], groups: [], places: [] });
  });

  it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
    'loses, doubles and reorders nothing within a conversation (seed %i)',
    (seed) => {
      const next = random(seed);
      const drafts = Array.from({ length: next(200) }, (_, index) => draft(`conversation ${next(12)}`, `${index}`));
      const batch = toBatch(drafts);
      expect(batch.drafts.toSorted((a, b) => Number(a.content) - Number(b.content))).toEqual(drafts);
      expect(batch.conversationIds).toEqual([...new Set(drafts.map((item) => item.conversationId))].toSorted());
      for (const [group, conversationId] of batch.conversationIds.entries()) {
        const members = batch.drafts.flatMap((item, index) =>
          batch.groups[index] === group + 1 ? [{ item, place: batch.places[index] }] : [],
        );
        expect(members.map(({ item }) => item)).toEqual(
          drafts.filter((item) => item.conversationId === conversationId),
        );
        expect(members.map(({ place }) => place)).toEqual(members.map((_, index) => index + 1));
        expect(batch.counts[group]).toBe(members.length);
      }
    },
  );
});
