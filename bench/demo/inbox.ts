import type { Message } from '@parley/sdk';

/** Keeps one copy of what many sockets were told alike; what was told otherwise stays itself. */
export class Copies {
  readonly #first = new Map<string, { readonly message: Message; readonly json: string }>();

  of(message: Message): Message {
    const json = JSON.stringify(message);
    const first = this.#first.get(message.id);
    if (!first) this.#first.set(message.id, { message, json });
    return first?.json === json ? first.message : message;
  }
}

/** Everything one socket was told of the conversation, in order of arrival. */
export class Inbox {
  readonly messages: Message[] = [];
  /** Each time the conversation was shown to a newcomer: its last position then. */
  readonly entries: number[] = [];
  /** What arrived between asking to leave and being let in again; what was on its way may be among it. */
  readonly whileOut: Message[] = [];
  isOut = false;
  readonly #seqs = new Set<number>();
  readonly #watchers = new Set<() => void>();

  constructor(private readonly copies: Copies) {}

  receive(message: Message): void {
    this.messages.push(this.copies.of(message));
    if (this.isOut) this.whileOut.push(message);
    this.#seqs.add(message.seq);
    this.#wake();
  }

  enter(lastSeq: number): void {
    this.entries.push(lastSeq);
    this.#wake();
  }

  /** Resolves with true as soon as it has been shown the conversation so often, with false when that takes too long. */
  entered(times: number, timeoutMs: number): Promise<boolean> {
    return this.#until(() => this.entries.length >= times, timeoutMs);
  }

  /** Resolves with true as soon as all positions from `first` to `last` are here, with false when that takes too long. */
  complete(first: number, last: number, timeoutMs: number): Promise<boolean> {
    let next = first;
    return this.#until(() => {
      while (next <= last && this.#seqs.has(next)) next += 1;
      return next > last;
    }, timeoutMs);
  }

  #until(isReached: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isReached()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (reached: boolean): void => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        resolve(reached);
      };
      const watch = (): void => {
        if (isReached()) finish(true);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.#watchers.add(watch);
    });
  }

  #wake(): void {
    for (const watch of this.#watchers) watch();
  }
}
