import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIrcLog } from './irc-log.js';
import { cut, pad, printable, widthOf, wrap } from './terminal-width.js';

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['hello', 5],
    ['Bếp Lửa', 7],
    ['Be\u0302\u0301p', 3],
    ['春香', 4],
    ['ガーデン', 8],
    ['한국', 4],
    ['\u1112\u1161\u11ab', 2],
    ['ﾊﾝｶｸ', 4],
    ['！', 2],
    ['🥖', 2],
    ['👍🏿', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['👩🏽‍❤️‍👨🏼', 2],
    ['🇻🇳', 2],
    ['1️⃣', 2],
    ['❤️', 2],
    ['❤', 1],
    ['✓✓ …', 4],
    ['สวัสดี', 4],
    ['می‌خواهم', 7],
    ['soft\u00ADhyphen', 10],
    ['1234 #*', 7],
    ['𠮷', 2],
  ])('of %s is %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });
});

describe('cutting', () => {
  it('leaves what fits', () => {
    expect(cut('春香', 4)).toBe('春香');
    expect(pad('春香', 6)).toBe('春香  ');
    expect(pad('春香', 6, 'right')).toBe('  春香');
  });

  it('keeps together what belongs together', () => {
    expect(cut('a👨‍👩‍👧‍👦b', 3)).toBe('a…');
    expect(pad('春香です', 6)).toBe('春香… ');
  });
});

describe('wrapping', () => {
  it('breaks at spaces', () => {
    expect(wrap('the soup that takes two days', 10)).toEqual(['the soup', 'that takes', 'two days']);
  });

  it('breaks words that are longer than a line', () => {
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('大家好我来晚了吗', 5)).toEqual(['大家', '好我', '来晚', '了吗']);
  });

  it('goes on when not even one character fits', () => {
    expect(wrap('春香', 1)).toEqual(['春', '香']);
  });

  it('never makes a line that is too long, whatever the text', () => {
    const log = readFileSync(new URL('conversation.raw.txt', import.meta.url), 'utf8');
    for (const event of parseIrcLog(log)) {
      if (event.kind !== 'message') continue;
      const lines = wrap(printable(event.text), 28);
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(28);
      expect(lines.join('').replace(/\s/g, '')).toBe(printable(event.text).replace(/\s/g, ''));
    }
  });
});

it('takes the power over the terminal from a text', () => {
  expect(printable('a\tb\u001b[2Jc\u202Ed\u2066e\u0007')).toBe('a b�[2Jcde�');
  expect(printable('👩‍🍳 می‌خواهم')).toBe('👩‍🍳 می‌خواهم');
});
