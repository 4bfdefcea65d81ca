import type { Connection } from './connection.js';

export interface PairParts {
  readonly sender: Connection;
  readonly receiver: Connection;
  readonly conversationId: string;
  /** Begins every `clientMessageId`; the number of the message follows. */
  readonly name: string;
  /** Texts are cut out of this. */
  readonly pool: string;
  readonly size: number;
}

/** How long messages took, from the moment they were meant to be sent. */
export interface Times {
  readonly ackMs: number[];
  readonly deliveryMs: number[];
}

/** What should all be zero at the end. */
export interface Faults {
  /** Acknowledged, but never came. */
  lost: number;
  doubled: number;
  /** Came, but was never sent. */
  ghosts: number;
  /** Came after a later one. */
  disordered: number;
  unanswered: number;
  refused: number;
}

/** How often a receiver said what it has read, and how often the server would not hear it. */
export interface ReadMarks {
  readonly sent: number;
  readonly refused: number;
}

const NEW_MESSAGE = '["new_message"';
const KEY = '"clientMessageId":"';
const OK = '[{"ok":true';

/**
 * A sender that keeps so many messages in flight, and a receiver that counts what comes. Nothing is parsed that a
 * search in the text can find: these few lines are most of what the generator costs.
 */
export class Pair {
  readonly #name: string;
  readonly #head: string;
  readonly #meantAt: number[] = [];
  readonly #received: number[] = [];
  readonly #refused = new Set<number>();
  #answered = 0;
  #arrived = 0;
  #newest = -1;
  #ghosts = 0;
  #disordered = 0;
  #sending = false;
  #times: Times | null = null;
  #latest = '';
  #latestMarked = '';
  #marks = 0;
  #refusedMarks = 0;

  constructor(private readonly parts: PairParts) {
    const { sender, receiver, conversationId, name } = parts;
    this.#name = `${name}-`;
    this.#head = `["send_message",{"conversationId":"${conversationId}","clientMessageId":"${this.#name}`;
    const lost = (reason: string): void => {
      throw new Error(`A pair lost its connection: ${reason}`);
    };
    sender.listener = { acknowledged: (id, text) => this.#acknowledged(id, text), lost };
    receiver.listener = { event: (text) => this.#arrive(text), acknowledged: (_, text) => this.#marked(text), lost };
  }

  /** Keeps so many messages in flight until told to stop. */
  start(inFlight: number): void {
    this.#sending = true;
    for (let n = 0; n < inFlight; n += 1) this.send(performance.now());
  }

  stop(): void {
    this.#sending = false;
  }

  /** Sends one message; how long it took counts from the moment it was meant to be sent. */
  send(meantAt: number): void {
    const { sender, pool, size } = this.parts;
    const number = this.#meantAt.length;
    const from = (number * size) % (pool.length - size);
    this.#meantAt.push(meantAt);
    sender.emit(number, `${this.#head}${number}","content":"${pool.slice(from, from + size)}"}]`);
  }

  openWindow(): Times {
    this.#times = { ackMs: [], deliveryMs: [] };
    return this.#times;
  }

  closeWindow(): void {
    this.#times = null;
  }

  /** Says that the newest message was read, unless that was said before. */
  markRead(): void {
    if (this.#latest === this.#latestMarked) return;
    this.#latestMarked = this.#latest;
    const seq = /"seq":(\d+)/.exec(this.#latest)?.[1];
    this.#marks += 1;
    this.parts.receiver.emit(
      this.#marks,
      `["mark_read",{"conversationId":"${this.parts.conversationId}","seq":${seq}}]`,
    );
  }

  /** Everything sent is answered, and as much as was acknowledged has come. */
  get isQuiet(): boolean {
    return this.#answered === this.#meantAt.length && this.#arrived >= this.#answered - this.#refused.size;
  }

  close(): void {
    this.parts.sender.close();
    this.parts.receiver.close();
  }

  get sent(): number {
    return this.#meantAt.length;
  }

  /** Numbers of the messages whose acknowledgement was an error. */
  get refused(): number[] {
    return [...this.#refused];
  }

  get readMarks(): ReadMarks {
    return { sent: this.#marks, refused: this.#refusedMarks };
  }

  faults(): Faults {
    const copies = Array.from(this.#meantAt, (_, number) => this.#received[number] ?? 0);
    const missing = copies.filter((count, number) => count === 0 && !this.#refused.has(number)).length;
    const unanswered = this.sent - this.#answered;
    return {
      lost: Math.max(0, missing - unanswered),
      doubled: copies.filter((count) => count > 1).length,
      ghosts: this.#ghosts,
      disordered: this.#disordered,
      unanswered,
      refused: this.#refused.size,
    };
  }

  #acknowledged(number: number, text: string): void {
    this.#answered += 1;
    if (text.startsWith(OK)) this.#times?.ackMs.push(performance.now() - (this.#meantAt[number] ?? 0));
    else this.#refused.add(number);
    if (this.#sending) this.send(performance.now());
  }

  #marked(text: string): void {
    if (!text.startsWith(OK)) this.#refusedMarks += 1;
  }

  #arrive(text: string): void {
    if (!text.startsWith(NEW_MESSAGE)) return;
    this.#latest = text;
    const start = text.indexOf(KEY) + KEY.length;
    const key = text.slice(start, text.indexOf('"', start));
    const number = key.startsWith(this.#name) ? Number(key.slice(this.#name.length)) : -1;
    const meantAt = this.#meantAt[number];
    if (meantAt === undefined) {
      this.#ghosts += 1;
      return;
    }
    this.#times?.deliveryMs.push(performance.now() - meantAt);
    this.#arrived += 1;
    this.#received[number] = (this.#received[number] ?? 0) + 1;
    if (number < this.#newest) this.#disordered += 1;
    this.#newest = Math.max(this.#newest, number);
  }
}
