import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type IrcEvent, parseIrcLog } from './irc-log.js';

const read = (name: string, base: string | URL): string => readFileSync(new URL(name, base), 'utf8');

const one = (line: string): IrcEvent | undefined => parseIrcLog(line)[0];

/** The tests that are not about time all happen at this one. */
const minute = 10 * 60 + 59;

const said = (nick: string, text: string) => ({ kind: 'message', nick, text, line: 1, minute });

const did = (nick: string, text: string) => ({ kind: 'action', nick, text, line: 1, minute });

const didUntimed = (nick: string, text: string) => ({ kind: 'action', nick, text, line: 1 });

const other = (text: string) => ({ kind: 'other', text, line: 1 });

function countKinds(events: readonly IrcEvent[]): Record<IrcEvent['kind'], number> {
  const counts = { message: 0, action: 0, join: 0, leave: 0, rename: 0, other: 0 };
  for (const event of events) counts[event.kind] += 1;
  return counts;
}

describe('the text of a message', () => {
  it.each([
    ['spaces at both ends', '  two before, one after '],
    ['tabs', '\tdish\tserves\t'],
    ['what looks like markup', '<b>hi</b> & <script>'],
    ['what looks like another message', '[10:00] <eve> hi'],
    ['what looks like a join', '=== eve [n=eve@example.org]  has joined #room'],
    ['line ends that are not LF', 'a\u2028b\u2029c\u0085d\u000Be\u000Cf'],
    ['a carriage return inside', 'a\rb'],
    ['a byte order mark inside', '\uFEFFa\uFEFF'],
    ['characters that could not be decoded', 'caf\uFFFD'],
    ['joined emoji', '👨‍👩‍👧‍👦👋🏽1️⃣🇻🇳'],
    ['a space alone', ' '],
  ])('keeps %s', (_what, text) => {
    expect(one(`[10:59] <ada> ${text}`)).toEqual(said('ada', text));
  });

  it('keeps composed and decomposed spellings apart', () => {
    const [composed, decomposed] = parseIrcLog(`[10:59] <ada> b\u1EBFp\n[10:59] <ada> be\u0302\u0301p\n`);
    expect(composed).toMatchObject({ text: 'b\u1EBFp' });
    expect(decomposed).toMatchObject({ text: 'be\u0302\u0301p' });
  });

  it.each(['[10:59] <ada>', '[10:59] <ada> '])('is empty when nothing stands behind the nick: %j', (line) => {
    expect(one(line)).toEqual(said('ada', ''));
  });

  it('does not hold the carriage return of a CRLF file', () => {
    expect(parseIrcLog('[10:59] <ada> hi \r\n[10:59] <ada>\r\n=== ada is now known as bob\r\n')).toEqual([
      { kind: 'message', nick: 'ada', text: 'hi ', line: 1, minute },
      { kind: 'message', nick: 'ada', text: '', line: 2, minute },
      { kind: 'rename', from: 'ada', to: 'bob', line: 3 },
    ]);
  });
});

describe('nicks', () => {
  it.each(['arg|bx', '[foo]', '`tick`', '\\9', 'L|nu}{', '_-_-', '^', '春香', 'Zoe\u0301', '[n=x@host]', '=', '*'])(
    'may be %s wherever they stand',
    (nick) => {
      expect(one(`[10:59] <${nick}> hi`)).toEqual(said(nick, 'hi'));
      expect(one(`[10:59]  * ${nick} waves`)).toEqual(did(nick, 'waves'));
      expect(one(`=== ${nick} waves`)).toEqual(didUntimed(nick, 'waves'));
      expect(one(`=== ${nick} [n=x@example.org]  has joined #room`)).toEqual({ kind: 'join', nick, line: 1 });
      expect(one(`=== ${nick} [n=x@example.org]  has left #room []`)).toEqual({ kind: 'leave', nick, line: 1 });
      expect(one(`=== ${nick} is now known as ${nick}_`)).toEqual({
        kind: 'rename',
        from: nick,
        to: `${nick}_`,
        line: 1,
      });
    },
  );

  it('lose the space that the older logger puts behind a closing bracket', () => {
    expect(one('[10:59] <foo[1] >  hi')).toEqual(said('foo[1]', ' hi'));
    expect(one('=== foo[1]  waves')).toEqual(didUntimed('foo[1]', 'waves'));
    expect(one('=== foo[1]  [i=x@example.org]  has joined #room')).toEqual({ kind: 'join', nick: 'foo[1]', line: 1 });
    expect(one('=== foo is now known as foo[1] ')).toEqual({ kind: 'rename', from: 'foo', to: 'foo[1]', line: 1 });
    expect(one('=== foo[1]  is now known as foo')).toEqual({ kind: 'rename', from: 'foo[1]', to: 'foo', line: 1 });
  });
});

describe('actions', () => {
  it('are read in both spellings', () => {
    expect(one('=== ada says Bob, "so am I"')).toEqual(didUntimed('ada', 'says Bob, "so am I"'));
    expect(one('[10:59]  * ada is back soon ...')).toEqual(did('ada', 'is back soon ...'));
    expect(one('[10:59] * ada is back')).toEqual(did('ada', 'is back'));
  });

  it('keep their text to the character', () => {
    expect(one('=== ada  waves ')).toEqual(didUntimed('ada', ' waves '));
    expect(one('[10:59]  * ada  waves\t')).toEqual(did('ada', ' waves\t'));
  });

  it('may be empty', () => {
    expect(one('[10:59]  * ada')).toEqual(did('ada', ''));
  });

  it.each([
    'has left the building',
    'has left #room [of her own will',
    'has joined us',
    'is now known as the best cook',
    'was kicked by a horse',
  ])('are not comings and goings: %s', (text) => {
    expect(one(`=== ada ${text}`)).toEqual(didUntimed('ada', text));
  });
});

describe('the time of day', () => {
  it.each([
    ['[00:00] <ada> hi', 0],
    ['[23:59] <ada> hi', 1_439],
    ['[01:05]  * ada waves', 65],
  ])('stands before what is said: %s', (line, expected) => {
    expect(one(line)).toMatchObject({ minute: expected });
  });

  it('is unknown for notices', () => {
    expect(one('=== ada [n=ada@example.org]  has joined #room')).not.toHaveProperty('minute');
  });
});

describe('comings and goings', () => {
  it.each(['[n=ada@example.org]  has joined #room', '[n=ada@2001:db8::1] has joined #Room', 'has joined &local'])(
    'someone joins: %s',
    (rest) => {
      expect(one(`=== ada ${rest}`)).toEqual({ kind: 'join', nick: 'ada', line: 1 });
    },
  );

  it.each([
    '[n=ada@example.org]  has left #room []',
    '[n=ada@example.org]  has left #room ["Leaving"]',
    '[n=ada@example.org]  has left #room ["See]',
    '[n=ada@example.org]  has left #room [requested]',
    '[n=ada@example.org]  has left #room',
    'has left #room []',
    '[n=ada@example.org] has quit [Ping timeout]',
    'was kicked off #room by bob (enough)',
    'was kicked by bob (enough)',
  ])('someone leaves: %s', (rest) => {
    expect(one(`=== ada ${rest}`)).toEqual({ kind: 'leave', nick: 'ada', line: 1 });
  });
});

describe('lines', () => {
  it('are all accounted for, one event each, blank ones as other', () => {
    expect(parseIrcLog('[10:59] <ada> hi\n\n  \n')).toEqual([
      { kind: 'message', nick: 'ada', text: 'hi', line: 1, minute },
      { kind: 'other', text: '', line: 2 },
      { kind: 'other', text: '  ', line: 3 },
    ]);
  });

  it('need no line end after the last', () => {
    expect(parseIrcLog('[10:59] <ada> hi')).toEqual(parseIrcLog('[10:59] <ada> hi\n'));
  });

  it('are none in an empty file', () => {
    expect(parseIrcLog('')).toEqual([]);
    expect(parseIrcLog('\uFEFF')).toEqual([]);
  });

  it('start behind the byte order mark', () => {
    expect(one('\uFEFF[10:59] <ada> hi')).toEqual(said('ada', 'hi'));
  });

  it.each([
    '===',
    '=== ada',
    '==========',
    '-----',
    '=== mode/#room [+o ada]  by services',
    '=== mode/ada [+i]  by ada',
    '=== Topic for #room: soup',
    '=== Topic (#room): set by ada',
    '=== #room: topic is soup',
    '=== ada changed the topic of #room to: soup',
    '=== [server-info] a notice',
    '[10:59] hello',
    '[10:59] <ada>hello',
    '[10:59] <> hello',
    '<ada> hello',
    ' [10:59] <ada> hello',
    '* ada waves',
  ])('not understood are kept whole: %s', (line) => {
    expect(one(line)).toEqual(other(line));
  });
});

describe('the shipped conversation', () => {
  const source = read('conversation.raw.txt', import.meta.url);
  const events = parseIrcLog(source);
  const spoken = events.filter((event) => event.kind === 'message' || event.kind === 'action');
  const texts = spoken.map((event) => event.text);
  const all = texts.join('\n');

  it('is understood line by line', () => {
    expect(events).toHaveLength(source.split('\n').length - 1);
    expect(events.every((event, index) => event.line === index + 1)).toBe(true);
    expect(countKinds(events)).toEqual({ message: 351, action: 11, join: 20, leave: 6, rename: 6, other: 0 });
  });

  it('rebuilds every message line', () => {
    const lines = source.split('\n');
    for (const event of events) {
      if (event.kind !== 'message') continue;
      const line = lines[event.line - 1] ?? '';
      expect(line).toBe(`${line.slice(0, '[00:00]'.length)} <${event.nick}> ${event.text}`);
    }
  });

  it('is held by sixteen people who are all in the room when they speak', () => {
    const here = new Map<string, string>();
    const people = new Set<string>();
    for (const event of events) {
      if (event.kind === 'join') {
        expect(here.has(event.nick)).toBe(false);
        here.set(event.nick, event.nick);
        people.add(event.nick);
      } else if (event.kind === 'leave') {
        expect(here.delete(event.nick)).toBe(true);
      } else if (event.kind === 'rename') {
        expect(here.has(event.to)).toBe(false);
        here.set(event.to, here.get(event.from) ?? '');
        expect(here.delete(event.from)).toBe(true);
      } else if (event.kind !== 'other') {
        expect(here.has(event.nick)).toBe(true);
      }
    }
    expect(people.size).toBe(16);
    expect([...here.keys()]).toHaveLength(14);
  });

  it.each([
    'Latin',
    'Greek',
    'Cyrillic',
    'Arabic',
    'Hebrew',
    'Devanagari',
    'Thai',
    'Hangul',
    'Han',
    'Hiragana',
    'Katakana',
  ])('is written in %s too', (script) => {
    expect(all).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
  });

  it.each([
    ['a family', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}'],
    ['a skin tone', '👍🏿'],
    ['a flag', '🇻🇳'],
    ['a flag of tags', '\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}'],
    ['a keycap', '1\uFE0F\u20E3'],
    ['an isolate', '\u2066/posters/'],
    ['a right-to-left mark', '\u200F'],
    ['a joiner between letters', '\u094D\u200D'],
    ['a non-joiner', '\u200C'],
    ['a no-break space', '\u00A0'],
    ['a soft hyphen', '\u00AD'],
    ['a tab', '\t'],
    ['a character beyond the basic plane', '𠮷'],
    ['marks heaped up', '\u0334'],
    ['a script element', "<script>alert('soup is ready')</script>"],
  ])('has %s', (_what, text) => {
    expect(all).toContain(text);
  });

  it('has composed and decomposed spellings of the same words', () => {
    for (const word of ['Bếp Lửa', 'café', '한국', 'ガーデン', 'ελιά', 'Grünweiß']) {
      expect(word.normalize('NFC')).not.toBe(word.normalize('NFD'));
      expect(all).toContain(word.normalize('NFC'));
      expect(all).toContain(word.normalize('NFD'));
    }
  });

  it('has texts with spaces at the ends, of one mark, and very long ones', () => {
    expect(texts.some((text) => text.startsWith('   '))).toBe(true);
    expect(texts.some((text) => text.endsWith('  '))).toBe(true);
    expect(texts).toContain('.');
    expect(texts.filter((text) => text.length > 1_000).map((text) => text.length)).toEqual([2_000, 8_000]);
  });

  it('can be stored: no NUL, no other control character but tab, nothing undecodable', () => {
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(source).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF\uFFFD]/);
  });
});

const logs = new URL('../../../shared/data/irc/', import.meta.url);

describe.skipIf(!existsSync(logs))('the four real logs (skipped where ../shared/data/irc is absent)', () => {
  it.each([
    ['2005-12-03.train-c', { message: 1170, action: 22, join: 249, leave: 39, rename: 20, other: 0 }],
    ['2006-01-12.train-c', { message: 1222, action: 16, join: 217, leave: 28, rename: 12, other: 5 }],
    ['2011-11-13_02', { message: 1216, action: 4, join: 0, leave: 0, rename: 30, other: 0 }],
    ['2016-12-19_20', { message: 1181, action: 5, join: 0, leave: 0, rename: 64, other: 0 }],
  ])('%s decodes cleanly and is classified to the last line', (name, counts) => {
    const source = read(`${name}.raw.txt`, logs);
    const events = parseIrcLog(source);
    expect(source).not.toContain('\uFFFD');
    expect(events).toHaveLength(source.split('\n').length - 1);
    expect(countKinds(events)).toEqual(counts);
    for (const event of events) {
      if (event.kind === 'other') expect(event.text).toMatch(/^=== mode\/#/);
    }
  });
});
