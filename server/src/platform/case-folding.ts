/**
 * The form in which names and addresses are compared: compatibility-normalised and case-folded.
 * Folding goes by way of upper case and code point by code point, so that ß equals SS and a final ς equals σ; lower case
 * comes before it, since the capital ẞ has no other way to SS.
 */
export function caseFold(value: string): string {
  const folded = Array.from(value.normalize('NFKC'), (character) =>
    character.toLowerCase().toUpperCase().toLowerCase(),
  );
  return folded.join('').normalize('NFKC');
}

const ACCENTS = /[\u0300-\u036f]/g;

/** A folded text for those who leave accents out when they look for something: "đặng" and "dang" are the same. */
export const withoutAccents = (folded: string): string =>
  folded.normalize('NFD').replace(ACCENTS, '').replaceAll('đ', 'd').normalize('NFC');
