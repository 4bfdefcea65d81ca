import { describe, expect, it } from 'vitest';
import { caseFold } from './case-folding.js';

const WRITTEN = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;
const HAS_NO_CASE = /[\p{Script=Han}\p{Script=Hangul}]/u;

/** Every character of every script, but the many thousands that have no case. */
const characters = Array.from({ length: 0x1_ff_ff }, (_, code) => String.fromCodePoint(code)).filter(
  (character) => WRITTEN.test(character) && !HAS_NO_CASE.test(character),
);

describe('folding case', () => {
  it.each([
    ['Anna', 'aNNA'],
    ['stra\u00dfe', 'STRASSE'],
    ['STRA\u1e9eE', 'strasse'],
    ['\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2', '\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3'],
    ['\u0130zmir', 'i\u0307zmir'],
    ['Ren\u00e9e', 'RENE\u0301E'],
    ['\uff37\uff29\uff24\uff25', 'wide'],
    ['\ufb01ne', 'FINE'],
    ['\u212bngstr\u00f6m', '\u00e5NGSTRO\u0308M'],
    ['\u{10400}', '\u{10428}'],
  ])('makes %s and %s one', (a, b) => {
    expect(caseFold(a)).toBe(caseFold(b));
  });

  it.each([
    ['anna', 'hanna'],
    ['resume', 'r\u00e9sum\u00e9'],
    ['l', '1'],
    ['a', '\u0430'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(caseFold(a)).not.toBe(caseFold(b));
  });

  it('changes nothing when it is done again', () => {
    expect(characters.filter((character) => caseFold(caseFold(character)) !== caseFold(character))).toEqual([]);
  });

  it('gives every character the key of its capital and of its small letter', () => {
    const different = characters.filter((character) => {
      const forms = [character, character.toUpperCase(), character.toLowerCase()];
      return new Set(forms.map(caseFold)).size > 1;
    });
    expect(different).toEqual([]);
  });

  it('does not depend on how a character was composed', () => {
    const different = characters.filter((character) => {
      const forms = (['NFC', 'NFD', 'NFKC', 'NFKD'] as const).map((form) => character.normalize(form));
      return new Set(forms.map(caseFold)).size > 1;
    });
    expect(different).toEqual([]);
  });
});
