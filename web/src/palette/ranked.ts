import { folded } from '../conversations/list.js';

/** How well a name fits: 0 begins so, 1 has a word that begins so, 2 holds it somewhere; null not at all. */
function fit(name: string, wanted: string): number | null {
  const text = folded(name);
  const at = text.indexOf(wanted);
  if (at <= 0) return at === 0 ? 0 : null;
  return text.split(/[\s:]+/u).some((word) => word.startsWith(wanted)) ? 1 : 2;
}

/** Those whose name fits, the best first, else in the order given; all of them where nothing is looked for. */
export function ranked<T extends { readonly label: string }>(
  entries: readonly T[],
  search: string,
  limit: number,
): T[] {
  const wanted = folded(search.trim());
  return entries
    .flatMap((entry) => {
      const rank = fit(entry.label, wanted);
      return rank === null ? [] : [{ entry, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ entry }) => entry);
}
