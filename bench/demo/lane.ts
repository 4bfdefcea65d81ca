/** One person's acts in their order: what they say may overlap, what changes their place in the room may not. */
export class Lane {
  #barrier: Promise<unknown> = Promise.resolve();
  readonly #open = new Set<Promise<unknown>>();

  /** Begins as soon as what had to be alone is over, in the order of the calls; does not wait for others to end. */
  overlapping<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#barrier.then(work);
    const quiet = done.catch(() => undefined).finally(() => this.#open.delete(quiet));
    this.#open.add(quiet);
    return done;
  }

  /** Begins when all before it has ended, well or not; all after it waits. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = Promise.all([this.#barrier, ...this.#open]).then(work);
    this.#barrier = done.catch(() => undefined);
    return done;
  }
}
