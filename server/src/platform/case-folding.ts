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
