/**
 * Who is held by which node, for a time. A node renews what it holds; what one that was killed has held runs out by
 * itself.
 */
export abstract class Leases {
  /** This node holds each of these for so long from now on; answers those that no node has held before. */
  abstract hold(names: readonly string[], ms: number): Promise<string[]>;
  /** Which of these are held, by whichever node. */
  abstract heldAmong(names: readonly string[]): Promise<Set<string>>;
  /** Ends what has run out; answers those that no node holds any longer, each on one node only. */
  abstract expire(): Promise<string[]>;
}

/** There is one node. */
export class LocalLeases extends Leases {
  readonly #until = new Map<string, number>();

  async hold(names: readonly string[], ms: number): Promise<string[]> {
    const until = performance.now() + ms;
    const first = names.filter((name) => !this.#until.has(name));
    for (const name of names) this.#until.set(name, until);
    return first;
  }

  async heldAmong(names: readonly string[]): Promise<Set<string>> {
    return new Set(names.filter((name) => this.#until.has(name)));
  }

  async expire(): Promise<string[]> {
    const now = performance.now();
    const ended = [...this.#until].filter(([, until]) => until <= now).map(([name]) => name);
    for (const name of ended) this.#until.delete(name);
    return ended;
  }
}
