import type { SyncCursor } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { MOST_CONVERSATIONS, MOST_MESSAGES, MOST_OF_ONE, planSync, type Standing, TOO_FAR } from './sync.rules.js';

const standing = (id: string, given: Partial<Standing> = {}): Standing => ({
  id,
  lastSeq: 10,
  rev: 12,
  visibleFromSeq: 1,
  inboxRev: 1,
  ...given,
});
const cursors = (given: Record<string, SyncCursor>) => new Map(Object.entries(given));
const INBOX = { known: 5, rev: 5 };

describe('the plan of an answer', () => {
  it('holds nothing for a client that has everything', () => {
    expect(planSync([standing('a')], cursors({ a: { seq: 10, rev: 12 } }), INBOX)).toEqual({
      inboxRev: 5,
      shown: [],
      stretches: [],
      resync: [],
      removed: [],
      more: false,
    });
  });

  it('reads on from the cursor where there are new messages, and looks for changes where only they are new', () => {
    const plan = planSync(
      [standing('a'), standing('b')],
      cursors({ a: { seq: 7, rev: 8 }, b: { seq: 10, rev: 11 } }),
      INBOX,
    );
    expect(plan.stretches.map(({ standing: { id }, take }) => [id, take])).toEqual([
      ['a', 3],
      ['b', 0],
    ]);
    expect(plan).toMatchObject({ shown: ['a', 'b'], more: false });
  });

  it('shows what is new to the client whole, and says of what it should not have that it is gone', () => {
    const plan = planSync([standing('new')], cursors({ gone: { seq: 1, rev: 1 } }), INBOX);
    expect(plan).toMatchObject({ shown: ['new'], removed: ['gone'], stretches: [], resync: [] });
  });

  it.each<[string, SyncCursor, Partial<Standing>]>([
    ['names a message that is not there yet', { seq: 11, rev: 12 }, {}],
    ['names a change that has not happened', { seq: 10, rev: 13 }, {}],
    ['lies too far back', { seq: 10, rev: 12 }, { lastSeq: 10 + TOO_FAR + 1, rev: 99_999 }],
    ['ends before what the member can read since they came back', { seq: 3, rev: 4 }, { visibleFromSeq: 8 }],
  ])('starts a conversation anew whose cursor %s', (_, cursor, given) => {
    const plan = planSync([standing('a', given)], cursors({ a: cursor }), INBOX);
    expect(plan).toMatchObject({ resync: ['a'], shown: ['a'], stretches: [] });
  });

  it('shows a place that has changed, though nothing else has', () => {
    const plan = planSync([standing('a', { inboxRev: 7 })], cursors({ a: { seq: 10, rev: 12 } }), { known: 5, rev: 7 });
    expect(plan).toMatchObject({ shown: ['a'], inboxRev: 7, stretches: [], more: false });
  });

  it('ends a shortened answer at a number of the inbox before which nothing is missing', () => {
    const count = MOST_CONVERSATIONS + 50;
    const standings = Array.from({ length: count }, (_, index) => standing(`c${index}`, { inboxRev: count - index }));
    const all = cursors(Object.fromEntries(standings.map(({ id }) => [id, { seq: 10, rev: 12 }])));
    const first = planSync(standings, all, { known: 0, rev: count });
    expect(first).toMatchObject({ inboxRev: MOST_CONVERSATIONS, more: true });
    const second = planSync(standings, all, { known: first.inboxRev, rev: count });
    expect(second).toMatchObject({ inboxRev: count, more: false });
    expect(new Set([...first.shown, ...second.shown]).size).toBe(count);
  });

  it('gets to the end, however much was missed, and holds no more than it may on the way', () => {
    const standings = Array.from({ length: 450 }, (_, index) =>
      standing(`c${index}`, { lastSeq: (index * 37) % 300, rev: 400, inboxRev: index % 7 }),
    );
    const have = new Map<string, SyncCursor>();
    let known = 0;
    for (let round = 0; ; round += 1) {
      expect(round).toBeLessThan(500);
      const plan = planSync(standings, have, { known, rev: 6 });
      const taken = plan.stretches.reduce((sum, { take }) => sum + take, 0);
      expect(plan.shown.length).toBeLessThanOrEqual(MOST_CONVERSATIONS);
      expect(taken).toBeLessThanOrEqual(MOST_MESSAGES);
      for (const { standing: at, cursor, take } of plan.stretches) {
        expect(take).toBeLessThanOrEqual(MOST_OF_ONE);
        have.set(at.id, { seq: cursor.seq + take, rev: at.rev });
      }
      // What is shown for the first time begins long before its end, so that there is something to catch up on.
      for (const id of plan.shown) if (!have.has(id)) have.set(id, { seq: 0, rev: 0 });
      known = plan.inboxRev;
      const isBehind = standings.some(({ id, lastSeq }) => (have.get(id)?.seq ?? -1) < lastSeq);
      if (!plan.more && !isBehind) break;
    }
    expect([...have].every(([id, { seq }]) => seq === standings.find((at) => at.id === id)?.lastSeq)).toBe(true);
  });
});
