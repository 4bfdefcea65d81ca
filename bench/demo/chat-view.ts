/** Draws two people's views of their conversation side by side: pure, rows of text at columns. */
import type { Draft } from './line-editor.js';
import { cut, graphemesOf, pad, printable, widthOf, wrap } from './terminal-width.js';

/** One message as one person sees it. */
export interface Bubble {
  readonly text: string;
  readonly isOwn: boolean;
  readonly state: 'sending' | 'stored' | 'read' | 'refused';
}

export interface PaneView {
  readonly name: string;
  /** Empty while all is well. */
  readonly trouble: string;
  readonly unread: number;
  readonly isActive: boolean;
  readonly bubbles: readonly Bubble[];
  readonly draft: Draft;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export type Style = 'plain' | 'bold' | 'dim' | 'inverse';

/** A text and the column where it starts, from 1. */
export interface Piece {
  readonly column: number;
  readonly text: string;
  readonly style: Style;
}

export interface Picture {
  /** From the top; later pieces of a row go over earlier ones. */
  readonly rows: readonly (readonly Piece[])[];
  /** From 1. */
  readonly cursor: { readonly row: number; readonly column: number };
}

const TICKS: Readonly<Record<Bubble['state'], string>> = { sending: '…', stored: '✓', read: '✓✓', refused: '✗' };
const HELP = 'Tab: the other side   Enter: send   Ctrl-C: end   … sending  ✓ stored  ✓✓ read';
/** Top, rule, input, bottom and help. */
const FRAME_ROWS = 5;
const SMALLEST: Size = { columns: 34, rows: 8 };
const PROMPT = '› ';
/** Share of a pane that a message may be wide. */
const BUBBLE = 0.8;

export function drawChat(panes: readonly [PaneView, PaneView], size: Size): Picture {
  const { columns, rows } = size;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return tooSmall(size);
  const middle = Math.floor(columns / 2) + 1;
  const widths = [middle - 2, columns - middle - 1] as const;
  const starts = [2, middle + 1] as const;
  const bars = [1, middle, columns];
  const height = rows - FRAME_ROWS;

  const frame = (corners: string): Piece[] => [
    plain(1, corners[0] + '─'.repeat(widths[0]) + corners[1] + '─'.repeat(widths[1]) + corners[2]),
  ];
  // What a terminal takes for wider than we do runs under the bars, which are drawn last.
  const between = (pieces: readonly Piece[]): Piece[] => [...pieces, ...bars.map((column) => plain(column, '│'))];
  const conversations = panes.map((pane, side) => conversation(pane.bubbles, widths[side] ?? 0, height));
  const body = Array.from({ length: height }, (_, row) =>
    between(panes.flatMap((_pane, side) => at(starts[side] ?? 0, conversations[side]?.[row] ?? []))),
  );
  const inputs = panes.map((pane, side) => input(pane, widths[side] ?? 0));
  const active = panes[0].isActive ? 0 : 1;
  return {
    rows: [
      [
        ...frame('┌┬┐'),
        ...panes.flatMap((pane, side) => at((starts[side] ?? 0) + 1, title(pane, (widths[side] ?? 0) - 2))),
      ],
      ...body,
      frame('├┼┤'),
      between(panes.flatMap((_pane, side) => at(starts[side] ?? 0, inputs[side]?.pieces ?? []))),
      frame('└┴┘'),
      [{ column: 2, text: cut(HELP, columns - 2), style: 'dim' }],
    ],
    cursor: { row: rows - 2, column: starts[active] + (inputs[active]?.cursor ?? 0) },
  };
}

const plain = (column: number, text: string): Piece => ({ column, text, style: 'plain' });

/** Pieces that count their columns from 0, put into place. */
const at = (start: number, pieces: readonly Piece[]): Piece[] =>
  pieces.map((piece) => ({ ...piece, column: start + piece.column }));

function title({ name, trouble, unread, isActive }: PaneView, width: number): Piece[] {
  const news = [...(unread > 0 ? [`${unread} unread`] : []), ...(trouble === '' ? [] : [trouble])].join(', ');
  const text = cut(` ${printable(name)}${news === '' ? '' : `: ${news}`} `, width);
  return [{ column: 0, text, style: isActive ? 'inverse' : 'plain' }];
}

/** The newest messages that fit, at the bottom. */
function conversation(bubbles: readonly Bubble[], width: number, height: number): Piece[][] {
  const rows: Piece[][] = [];
  for (let index = bubbles.length - 1; index >= 0 && rows.length < height; index -= 1) {
    const bubble = bubbles[index];
    if (bubble) rows.unshift(...bubbleRows(bubble, width));
  }
  const newest = rows.slice(-height);
  return [...Array.from({ length: height - newest.length }, () => []), ...newest];
}

function bubbleRows({ text, isOwn, state }: Bubble, width: number): Piece[][] {
  const ticks = isOwn ? ` ${TICKS[state]}` : '';
  const lines = wrap(printable(text), Math.max(4, Math.floor(width * BUBBLE)) - widthOf(ticks));
  return lines.map((line, index) => {
    if (!isOwn) return [plain(1, line)];
    const column = width - 1 - widthOf(line) - widthOf(ticks);
    const said: Piece = { column, text: line, style: 'bold' };
    // No blanks below the others: what a terminal takes for wider than we do has room there.
    return index < lines.length - 1 ? [said] : [said, { column: column + widthOf(line), text: ticks, style: 'dim' }];
  });
}

function input({ draft, isActive }: PaneView, width: number): { pieces: Piece[]; cursor: number } {
  const room = width - 2 - widthOf(PROMPT);
  const before = tailOf(printable(draft.text.slice(0, draft.cursor)), room - 1);
  const after = printable(draft.text.slice(draft.cursor));
  const style = isActive ? 'plain' : 'dim';
  const pieces: Piece[] = [{ column: 1, text: PROMPT + pad(before + after, room), style }];
  return { pieces, cursor: 1 + widthOf(PROMPT) + widthOf(before) };
}

/** The end of a text, as much as goes into so many columns. */
function tailOf(text: string, columns: number): string {
  const graphemes = graphemesOf(text);
  let width = 0;
  let start = graphemes.length;
  while (start > 0) {
    width += widthOf(graphemes[start - 1] ?? '');
    if (width > columns) break;
    start -= 1;
  }
  return graphemes.slice(start).join('');
}

function tooSmall({ columns, rows }: Size): Picture {
  const text = cut(`At least ${SMALLEST.columns} × ${SMALLEST.rows} are needed.`, Math.max(1, columns));
  return {
    rows: Array.from({ length: rows }, (_, row) => (row === 0 ? [plain(1, text)] : [])),
    cursor: { row: 1, column: 1 },
  };
}
