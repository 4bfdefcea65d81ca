import { cut } from './terminal-width.js';

/** Where progress is shown. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR = 24;
const REDRAW_EVERY = 80;
/** Where lines cannot be redrawn there is one each time this share more is done. */
const STEP = 0.1;

/** How far something has come: one line, redrawn on a terminal; a line every tenth elsewhere. */
export class Progress {
  #drawnAt = -Infinity;
  #told = 0;

  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly output: Output = process.stdout,
    private readonly now: () => number = () => performance.now(),
  ) {}

  update(done: number, detail = ''): void {
    const share = this.total === 0 ? 1 : done / this.total;
    if (this.output.isTTY) this.#redraw(done, share, detail);
    else this.#tell(done, share, detail);
  }

  /** Takes the line away, so that others can write. */
  clear(): void {
    if (this.output.isTTY && this.#drawnAt > -Infinity) this.output.write('\r\x1b[K');
    this.#drawnAt = -Infinity;
  }

  #redraw(done: number, share: number, detail: string): void {
    if (this.now() - this.#drawnAt < REDRAW_EVERY && done < this.total) return;
    this.#drawnAt = this.now();
    const filled = Math.round(share * BAR);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled);
    const line = `  ${this.label}  ${bar}  ${percent(share)}  ${done}/${this.total}  ${detail}`;
    this.output.write(`\r${cut(line, (this.output.columns ?? 80) - 1)}\x1b[K`);
  }

  #tell(done: number, share: number, detail: string): void {
    const reached = Math.floor(share / STEP + 1e-9);
    if (reached <= this.#told) return;
    this.#told = reached;
    this.output.write(`  ${this.label}  ${percent(share)}  ${done}/${this.total}  ${detail}`.trimEnd() + '\n');
  }
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`.padStart(5);
