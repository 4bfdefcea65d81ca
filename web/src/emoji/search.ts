import type { Named } from './emojis.js';

/** What an emoji is found by: its names and what goes with it, in every language, folded. */
interface Entry {
  readonly id: string;
  readonly labels: readonly string[];
  readonly tags: readonly string[];
  readonly all: string;
}
export type SearchIndex = readonly Entry[];

const KATAKANA_TO_HIRAGANA = 0x60;

/**
 * Text without what people leave out when they search: case, the accents of Latin letters (`đ` is a `d`), wide forms,
 * and which kana it is written in. The voicing marks of kana stay: with them it is another letter.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036F]/gu, '')
    .replaceAll('đ', 'd')
    .replace(/[ァ-ヶ]/gu, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) - KATAKANA_TO_HIRAGANA))
    .replace(/\s+/gu, ' ')
    .trim();

/** Makes the languages searchable together. */
export function indexOf(languages: readonly (readonly Named[])[]): SearchIndex {
  const found = new Map<string, { labels: Set<string>; tags: Set<string> }>();
  for (const { hexcode, label, tags = [] } of languages.flat()) {
    const entry = found.get(hexcode) ?? { labels: new Set(), tags: new Set() };
    found.set(hexcode, entry);
    entry.labels.add(fold(label));
    for (const tag of tags) entry.tags.add(fold(tag));
  }
  return [...found].map(([id, { labels, tags }]) => ({
    id,
    labels: [...labels],
    tags: [...tags],
    all: [...labels, ...tags].join('\n'),
  }));
}

/**
 * Ids of what is meant, best first: what is called so, then what begins so, then what has it anywhere; of those that answer
 * as well, what somebody likes comes first, in their order.
 */
export function search(index: SearchIndex, query: string, liked: readonly string[] = []): string[] {
  const wanted = fold(query);
  if (wanted === '') return [];
  const words = wanted.split(' ');
  return index
    .filter(({ all }) => words.every((word) => all.includes(word)))
    .map((entry) => ({ id: entry.id, rank: rankOf(entry, wanted), place: placeIn(liked, entry.id) }))
    .toSorted((a, b) => a.rank - b.rank || a.place - b.place)
    .map(({ id }) => id);
}

/** Where it is in a list, or behind its end. */
function placeIn(list: readonly string[], id: string): number {
  const place = list.indexOf(id);
  return place === -1 ? list.length : place;
}

/** How well an entry answers; its own name counts more than what goes with it. */
function rankOf({ labels, tags }: Entry, wanted: string): number {
  const matches: readonly ((text: string) => boolean)[] = [
    (text) => text === wanted,
    (text) => text.startsWith(wanted),
    (text) => text.includes(` ${wanted}`),
    (text) => text.includes(wanted),
  ];
  const level = matches.findIndex((match) => labels.some(match) || tags.some(match));
  const match = matches[level];
  // Its words are all there, but not together.
  if (!match) return matches.length * 2;
  return level * 2 + (labels.some(match) ? 0 : 1);
}
