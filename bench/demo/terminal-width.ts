/** How many columns a text takes in a terminal, and how to cut and wrap it without breaking what belongs together. */

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** First and last code points of what takes two columns: East Asian Wide and Fullwidth. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];
/** Marks, format characters, and the parts of Hangul syllables that go below or behind the first. */
const ZERO = /^[\p{Mn}\p{Me}\p{Mc}\p{Cf}\u1160-\u11FF\uD7B0-\uD7FB]$/u;
/** Two columns however many characters it is made of: pictures by default, by request (`❤️`, `1️⃣`), and flags. */
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Emoji}\u{FE0F}|\p{Emoji}\u20E3|\p{Regional_Indicator}{2})/u;
/** What could move the cursor or turn the direction of everything after it. */
const UNSAFE = /[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu;

export const graphemesOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** A text that stays on its line and can do nothing to a terminal. */
export const printable = (text: string): string =>
  text.replace(/\t/g, ' ').replace(UNSAFE, (character) => (/\p{Cc}/u.test(character) ? '�' : ''));

/** @example widthOf('Bếp 春香 👩‍🍳'); // 11 */
export function widthOf(text: string): number {
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += graphemeWidth(grapheme);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return code === 0xad ? 0 : 1;
  if (ZERO.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** The text in at most so many columns, with an ellipsis where something was cut off. */
export function cut(text: string, columns: number): string {
  let width = 0;
  let fitting = 0;
  let length = 0;
  for (const grapheme of graphemesOf(text)) {
    width += graphemeWidth(grapheme);
    if (width > columns) return `${text.slice(0, fitting)}…`;
    length += grapheme.length;
    if (width < columns) fitting = length;
  }
  return text;
}

/** The text followed, or with `right` led, by spaces up to so many columns; cut when it is longer. */
export function pad(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const fitting = cut(text, columns);
  const space = ' '.repeat(columns - widthOf(fitting));
  return side === 'left' ? fitting + space : space + fitting;
}

/** Lines of at most so many columns, or of one character, broken at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  let width = 0;
  for (const grapheme of graphemesOf(text)) {
    const own = graphemeWidth(grapheme);
    if (width + own > columns && line.length > 0) {
      const head = grapheme === ' ' ? line : line.slice(0, breakOf(line));
      lines.push(head.join('').trimEnd());
      line = line.slice(head.length);
      width = line.reduce((sum, each) => sum + graphemeWidth(each), 0);
      if (grapheme === ' ') continue;
    }
    line.push(grapheme);
    width += own;
  }
  return line.length > 0 || lines.length === 0 ? [...lines, line.join('')] : lines;
}

/** Behind the last space, unless a break so close to the start would waste the line. */
function breakOf(line: readonly string[]): number {
  const space = line.lastIndexOf(' ');
  return space > line.length / 3 ? space + 1 : line.length;
}
