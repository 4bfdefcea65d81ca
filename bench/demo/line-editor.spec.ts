import { describe, expect, it } from 'vitest';
import { type Draft, edit, EMPTY, type Key } from './line-editor.js';

const typed = (text: string): Key[] => Array.from(text, (sequence) => ({ sequence, name: undefined }));
const after = (...keys: Key[]): Draft => keys.reduce(edit, EMPTY);
const press = (name: string, ctrl = false): Key => ({ name, ctrl });

describe('typing', () => {
  it('puts characters where the cursor is', () => {
    expect(after(...typed('helo'), press('left'), ...typed('l'))).toEqual({ text: 'hello', cursor: 4 });
    expect(after(...typed('b'), press('home'), ...typed('a'), press('end'), ...typed('c')).text).toBe('abc');
  });

  it('takes away and steps over whole pictures', () => {
    expect(after(...typed('a👨‍👩‍👧‍👦'), press('backspace'))).toEqual({ text: 'a', cursor: 1 });
    expect(after(...typed('👍🏿b'), press('left'), press('left'))).toEqual({ text: '👍🏿b', cursor: 0 });
    expect(after(...typed('👍🏿b'), press('home'), press('delete'))).toEqual({ text: 'b', cursor: 0 });
    expect(after(...typed('be\u0302\u0301'), press('backspace')).text).toBe('b');
  });

  it('knows the keys of a shell', () => {
    const line = typed('one two ');
    expect(after(...line, press('w', true)).text).toBe('one ');
    expect(after(...line, press('a', true), press('k', true)).text).toBe('');
    expect(after(...line, press('left'), press('u', true))).toEqual({ text: ' ', cursor: 0 });
  });

  it.each([
    { name: 'f5', sequence: '\u001b[15~' },
    press('left'),
    press('backspace'),
    press('x', true),
    { sequence: 'x', meta: true },
  ])('is not disturbed by %j', (key) => {
    expect(edit(EMPTY, key)).toEqual(EMPTY);
  });
});
