import { describe, expect, it } from 'vitest';
import { newId } from './ids.js';
import { SignedIds } from './signed-ids.js';

const codes = new SignedIds('a secret for tests that is long enough', 'invites');

describe('a signed id', () => {
  it('is one word of 43 characters and reads back as the id', () => {
    const id = newId();
    expect(codes.sign(id)).toMatch(/^[\w-]{43}$/);
    expect(codes.read(codes.sign(id))).toBe(id);
  });

  it('is refused when any one character of it is another', () => {
    const code = codes.sign(newId());
    for (let at = 0; at < code.length; at += 1) {
      // The lowest bit of the last character is none of the 256: even that must be as it was given out.
      for (const other of ['A', 'B', 'a', '_'].filter((letter) => letter !== code[at])) {
        expect(codes.read(code.slice(0, at) + other + code.slice(at + 1))).toBeNull();
      }
    }
  });

  it.each([
    ['of another purpose', new SignedIds('a secret for tests that is long enough', 'something else')],
    ['of another secret', new SignedIds('another secret that is long enough too', 'invites')],
  ])('is refused when it is %s', (_, others) => {
    expect(codes.read(others.sign(newId()))).toBeNull();
  });

  it.each(['', 'x', 'A'.repeat(42), 'A'.repeat(43), 'A'.repeat(44), 'é'.repeat(43)])('is not %j', (garbage) => {
    expect(codes.read(garbage)).toBeNull();
  });

  it('cannot be made without a secret', () => {
    expect(() => new SignedIds('', 'invites')).toThrow('secret');
  });
});
