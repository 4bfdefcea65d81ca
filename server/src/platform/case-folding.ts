/**
 * The form in which names and addresses are compared: compatibility-normalised and case-folded.
 * Folding goes by way of upper case and code point by code point, so that ß equals SS and a final ς equals σ.
 */
export function caseFold(value: string): string {
  const folded = Array.from(value.normalize('NFKC'), (character) => character.toUpperCase().toLowerCase()).join('');
  return folded.normalize('NFKC');
}
