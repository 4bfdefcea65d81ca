import { displayed } from './display.js';
import { type Inline, parse } from './parse.js';

/** Enough of a text for one line, in UTF-16 units. */
const ENOUGH = 300;

const plainOf = (inline: Inline): string =>
  'children' in inline ? inline.children.map(plainOf).join('') : inline.text;

/** The beginning of a text as one plain line. */
export function preview(text: string): string {
  // Not half of an emoji at the end.
  const blocks = parse(text.slice(0, ENOUGH).replace(/[\uD800-\uDBFF]$/, ''));
  const parts = blocks.map((block) => ('children' in block ? block.children.map(plainOf).join('') : block.text));
  return displayed(parts.join(' ').replace(/\s+/gu, ' ').trim());
}
