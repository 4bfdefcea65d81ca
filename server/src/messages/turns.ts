/**
 * Keeps what one person starts in the order in which it came, though some of it has to be prepared first. Whoever is
 * alone starts as soon as they are ready.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Whether something of this person has yet to start. */
  isTaken(person: string): boolean {
    return this.#last.has(person);
  }

  /** Starts with what was prepared once everything earlier of this person has started; resolves with what comes of it. */
  async take<P, R>(person: string, prepared: Promise<P>, start: (with_: P) => Promise<R>): Promise<R> {
    const earlier = this.#last.get(person);
    // It may fail while its turn has not come; that is heard below.
    prepared.catch(() => undefined);
    const started = this.#startAfter(earlier, prepared, start);
    const settled = started.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(person, settled);
    void settled.then(() => {
      if (this.#last.get(person) === settled) this.#last.delete(person);
    });
    return (await started).outcome;
  }

  /** Resolves when it has started, not when it is done. */
  async #startAfter<P, R>(
    earlier: Promise<void> | undefined,
    prepared: Promise<P>,
    start: (with_: P) => Promise<R>,
  ): Promise<{ outcome: Promise<R> }> {
    await earlier;
    return { outcome: start(await prepared) };
  }
}
