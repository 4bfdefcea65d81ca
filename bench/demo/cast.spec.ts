import { describe, expect, it } from 'vitest';
import { type Cast, castOf } from './cast.js';
import { parseIrcLog } from './irc-log.js';

const castIn = (...lines: string[]): Cast => castOf(parseIrcLog(lines.join('\n')));
const says = (nick: string, text = 'hi') => `[10:59] <${nick}> ${text}`;
const joins = (nick: string) => `=== ${nick} [n=x@example.org]  has joined #room`;
const leaves = (nick: string) => `=== ${nick} [n=x@example.org]  has left #room []`;
const renames = (from: string, to: string) => `=== ${from} is now known as ${to}`;

/** Each step as `who kind`, by the first nick. */
const acts = ({ people, steps }: Cast): string[] =>
  steps.map((step) => `${people[step.person]?.nick} ${step.kind}${step.kind === 'rename' ? `s to ${step.to}` : ''}`);
const starters = ({ people }: Cast): string[] =>
  people.filter((person) => person.isThereAtStart).map((person) => person.nick);

describe('who is there from the start', () => {
  it.each([
    ['speaks', says('ada')],
    ['acts', '=== ada waves'],
    ['leaves', leaves('ada')],
    ['is renamed', renames('ada', 'bob')],
    ['says nothing at all', says('ada', '')],
  ])('is who %s before any join', (_what, line) => {
    expect(starters(castIn(line, joins('ada')))).toEqual(['ada']);
  });

  it('is not who joins first', () => {
    const cast = castIn(joins('ada'), says('ada'), leaves('ada'));
    expect(starters(cast)).toEqual([]);
    expect(acts(cast)).toEqual(['ada join', 'ada say', 'ada leave']);
  });
});

describe('coming and going', () => {
  it('means nothing to who is there or gone already', () => {
    expect(acts(castIn(says('ada'), joins('ada'), leaves('ada'), leaves('ada')))).toEqual(['ada say', 'ada leave']);
  });

  it('lets the same person in again', () => {
    const cast = castIn(joins('ada'), leaves('ada'), joins('ada'));
    expect(cast.people).toHaveLength(1);
    expect(acts(cast)).toEqual(['ada join', 'ada leave', 'ada join']);
  });

  it('lets in who speaks after leaving, in the same line', () => {
    const cast = castIn(says('ada'), leaves('ada'), says('ada'));
    expect(acts(cast)).toEqual(['ada say', 'ada leave', 'ada join', 'ada say']);
    expect(cast.steps.map(({ line }) => line)).toEqual([1, 2, 3, 3]);
  });

  it.each(['', '  ', '\u0002\u000f'])('is not needed for a line that shows nothing (%j)', (text) => {
    const cast = castIn(says('ada'), leaves('ada'), says('ada', text));
    expect(acts(cast)).toEqual(['ada say', 'ada leave']);
    expect(cast).toMatchObject({ emptyLines: 1, otherLines: 0, people: [{ isThereAtEnd: false }] });
  });
});

describe('a nick', () => {
  it('is followed through all its changes', () => {
    const cast = castIn(says('ada'), renames('ada', 'bob'), renames('bob', 'cy'), says('cy'));
    expect(cast.people).toMatchObject([{ nick: 'ada', lastNick: 'cy' }]);
    expect(acts(cast)).toEqual(['ada say', 'ada renames to bob', 'ada renames to cy', 'ada say']);
  });

  it('can be taken back', () => {
    const cast = castIn(says('ada'), renames('ada', 'bob'), renames('bob', 'ada'), says('ada'));
    expect(cast.people).toMatchObject([{ nick: 'ada', lastNick: 'ada' }]);
  });

  it('is free again for somebody new', () => {
    const cast = castIn(renames('max', 'Guest1'), renames('max', 'Guest2'), says('Guest1'), says('Guest2'));
    expect(cast.people.map((person) => person.lastNick)).toEqual(['Guest1', 'Guest2']);
    expect(cast.steps.map(({ person }) => person)).toEqual([0, 1, 0, 1]);
  });

  it('belongs to who took it last', () => {
    const cast = castIn(says('ada'), says('ada_'), renames('ada_', 'ada'), says('ada'));
    expect(cast.people.map((person) => person.nick)).toEqual(['ada', 'ada_']);
    expect(cast.steps.at(-1)).toMatchObject({ kind: 'say', person: 1 });
    expect(cast.people.every((person) => person.isThereAtEnd)).toBe(true);
  });

  it('is another one in another case', () => {
    const renamed = castIn(says('s2k'), renames('s2k', 'S2K'), says('S2K'));
    expect(renamed.people).toMatchObject([{ nick: 's2k', lastNick: 'S2K' }]);
    expect(castIn(says('s2k'), says('S2K')).people).toHaveLength(2);
  });

  it('can change while its owner is away', () => {
    const cast = castIn(says('ada'), leaves('ada'), renames('ada', 'bob'), says('bob'));
    expect(acts(cast)).toEqual(['ada say', 'ada leave', 'ada renames to bob', 'ada join', 'ada say']);
  });
});

it('keeps texts to the character and tells actions apart', () => {
  const { steps, otherLines } = castIn('[10:59] <ada>  hi ', '=== ada waves ', '', '=== mode/#room [+o ada]');
  expect(steps).toMatchObject([
    { text: ' hi ', isAction: false, nick: 'ada' },
    { text: 'waves ', isAction: true, nick: 'ada' },
  ]);
  expect(otherLines).toBe(2);
});
