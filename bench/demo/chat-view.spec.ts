import { describe, expect, it } from 'vitest';
import { drawChat, type PaneView, type Picture, type Size } from './chat-view.js';
import { EMPTY } from './line-editor.js';
import { graphemesOf, widthOf } from './terminal-width.js';

const pane = (name: string, changes: Partial<PaneView> = {}): PaneView => ({
  name,
  trouble: '',
  unread: 0,
  isActive: name === 'Linh',
  bubbles: [],
  draft: EMPTY,
  ...changes,
});

/** What a terminal makes of a picture that has the same idea of widths as we do. */
function screenOf({ rows }: Picture, { columns }: Size): string[] {
  return rows.map((pieces) => {
    const cells = Array.from({ length: columns }, () => ' ');
    for (const { column, text } of pieces) {
      let place = column - 1;
      for (const grapheme of graphemesOf(text)) {
        const width = widthOf(grapheme);
        cells.fill('', place, place + width);
        cells[place] = grapheme;
        place += width;
      }
    }
    expect(cells).toHaveLength(columns);
    return cells.join('').trimEnd();
  });
}

const said = (text: string) => ({ text, isOwn: false, state: 'stored' as const });
const own = (text: string, state: 'sending' | 'stored' | 'read' | 'refused' = 'stored') => ({
  text,
  isOwn: true,
  state,
});
const size = { columns: 44, rows: 10 };

describe('the two panes', () => {
  it('show each their own view, the newest at the bottom', () => {
    const left = pane('Linh', {
      bubbles: [own('bếp lửa?', 'read'), said('はい 🍳'), own('on my way', 'sending')],
      draft: { text: 'soup', cursor: 4 },
    });
    const right = pane('Mateo', { bubbles: [said('bếp lửa?'), own('はい 🍳')], unread: 1 });
    const picture = drawChat([left, right], size);
    expect(screenOf(picture, size)).toEqual([
      '┌─ Linh ──────────────┬─ Mateo: 1 unread ──┐',
      '│                     │                    │',
      '│                     │                    │',
      '│         bếp lửa? ✓✓ │                    │',
      '│ はい 🍳             │ bếp lửa?           │',
      '│         on my way … │          はい 🍳 ✓ │',
      '├─────────────────────┼────────────────────┤',
      '│ › soup              │ ›                  │',
      '└─────────────────────┴────────────────────┘',
      ' Tab: the other side   Enter: send   Ctrl-…',
    ]);
    expect(picture.cursor).toEqual({ row: 8, column: 9 });
  });

  it('break long messages and keep the end of a long line in sight', () => {
    const left = pane('Linh', { bubbles: [own('the soup that takes two days is on')] });
    const right = pane('Mateo', { isActive: true, draft: { text: `${'春'.repeat(30)}x`, cursor: 31 } });
    const shown = screenOf(drawChat([{ ...left, isActive: false }, right], size), size);
    expect(shown.slice(3, 6).map((line) => line.slice(0, line.indexOf('│', 1)))).toEqual([
      '│     the soup that   ',
      '│    takes two days   ',
      '│             is on ✓ ',
    ]);
    expect(shown[7]).toContain('春春x');
  });

  it('keep their frame at every size, whatever is said', () => {
    const bubbles = ['👨‍👩‍👧‍👦'.repeat(30), 'สวัสดีค่ะ ทุกคน', 'a'.repeat(500), '\u001b[2J\u202E', 'مرحبا 🌙', ''].flatMap(
      (text) => [said(text), own(text, 'refused')],
    );
    for (let columns = 34; columns <= 200; columns += 7) {
      for (const rows of [8, 24, 60]) {
        const draft = { text: '春香👍🏿'.repeat(40), cursor: 0 };
        const panes = [pane('👩🏽‍❤️‍👨🏼'.repeat(20), { bubbles, isActive: true, draft }), pane('Mateo', { bubbles })] as const;
        const lines = screenOf(drawChat([...panes], { columns, rows }), { columns, rows });
        expect(lines).toHaveLength(rows);
        for (const line of lines.slice(1, rows - 4)) expect(line).toMatch(/^│.*│.*│$/u);
      }
    }
  });

  it('ask for more room when there is too little', () => {
    expect(
      screenOf(drawChat([pane('Linh'), pane('Mateo')], { columns: 20, rows: 5 }), { columns: 20, rows: 5 })[0],
    ).toBe('At least 34 × 8 are…'.slice(0, 20));
  });
});
