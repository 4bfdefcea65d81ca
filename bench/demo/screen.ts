import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Picture, Piece, Size, Style } from './chat-view.js';
import type { Key } from './line-editor.js';

const CODES: Readonly<Record<Style, string>> = { plain: '', bold: '\x1b[1m', dim: '\x1b[2m', inverse: '\x1b[7m' };
const RESET = '\x1b[0m';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** A second screen, so that what was there comes back; pasted text is marked, so that its lines do not send themselves. */
const ENTER = '\x1b[?1049h\x1b[?2004h\x1b[2J';
const LEAVE = `${RESET}${SHOW_CURSOR}\x1b[?2004l\x1b[?1049l`;

export interface ScreenEvents {
  readonly onKey: (key: Key) => void;
  readonly onResize: () => void;
}

/** The whole terminal, until `close`; given back as it was even when the program ends in an unforeseen way. */
export class Screen {
  #painted: string[] = [];
  #isOpen = true;
  readonly #onKeypress: (text: string | undefined, key: Key) => void;
  readonly #onResize: () => void;
  readonly #close = (): void => this.close();

  constructor(
    private readonly input: ReadStream,
    private readonly output: WriteStream,
    { onKey, onResize }: ScreenEvents,
  ) {
    this.#onKeypress = (text, key) => onKey({ ...key, sequence: text ?? key.sequence });
    this.#onResize = () => {
      this.#painted = [];
      this.output.write('\x1b[2J');
      onResize();
    };
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on('keypress', this.#onKeypress);
    input.resume();
    output.on('resize', this.#onResize);
    process.once('exit', this.#close);
    output.write(ENTER);
  }

  get size(): Size {
    return { columns: this.output.columns, rows: this.output.rows };
  }

  /** Writes the rows that differ from what is there. */
  paint({ rows, cursor }: Picture): void {
    if (!this.#isOpen) return;
    const lines = rows.map((pieces, index) => lineOf(pieces, index + 1));
    const changed = lines.filter((line, index) => line !== this.#painted[index]);
    this.#painted = lines;
    this.output.write(`${HIDE_CURSOR}${changed.join('')}\x1b[${cursor.row};${cursor.column}H${SHOW_CURSOR}`);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#close);
    this.input.off('keypress', this.#onKeypress);
    this.output.off('resize', this.#onResize);
    this.input.setRawMode(false);
    this.input.pause();
    this.output.write(LEAVE);
  }
}

/** Each piece is put where it belongs, whatever the terminal thinks of the width of those before. */
function lineOf(pieces: readonly Piece[], row: number): string {
  const texts = pieces.map(({ column, text, style }) => `\x1b[${row};${column}H${CODES[style]}${text}${RESET}`);
  return `\x1b[${row};1H\x1b[2K${texts.join('')}`;
}
