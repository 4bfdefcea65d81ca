const NEW_MESSAGE = '["new_message"';
const KEY = '"clientMessageId":"';

/** What the members of a group have heard of one speaker, whose messages are numbered from 0 in the order of sending. */
export class Hearing {
  /** For each member, the number that must come next: anything else was lost, doubled or disordered. */
  readonly #next: number[];
  /** For each message, how many have heard it. */
  readonly #heardBy: number[] = [];
  #deliveries = 0;

  constructor(
    private readonly members: number,
    /** Begins every `clientMessageId`; the number follows. */
    private readonly prefix: string,
    private readonly everybodyHeard: (number: number) => void,
  ) {
    this.#next = Array.from({ length: members }, () => 0);
  }

  get deliveries(): number {
    return this.#deliveries;
  }

  /** One member received an event, given as JSON. Events that are no messages do not count. */
  heard(member: number, text: string): void {
    if (!text.startsWith(NEW_MESSAGE)) return;
    const start = text.indexOf(KEY) + KEY.length;
    const key = text.slice(start, text.indexOf('"', start));
    const expected = this.#next[member] ?? 0;
    if (key !== `${this.prefix}${expected}`) throw new Error(`Member ${member} heard ${key} in place of ${expected}.`);
    this.#next[member] = expected + 1;
    this.#deliveries += 1;
    const count = (this.#heardBy[expected] ?? 0) + 1;
    this.#heardBy[expected] = count;
    if (count === this.members) this.everybodyHeard(expected);
  }

  /** Throws unless every member has heard every one of so many messages. */
  assertAllHeard(messages: number): void {
    const deaf = this.#next.filter((next) => next !== messages).length;
    if (deaf > 0) throw new Error(`${deaf} of ${this.members} members did not hear all ${messages} messages.`);
  }
}
