/** What changed for one person while their seats were being read, by conversation: whether they are in it. */
type Changes = Map<string, boolean>;

/**
 * Reads which conversations people are in. Whoever is put out while the reading is on its way is out, whatever it
 * brings: it may show what was before.
 */
export class SeatReads {
  readonly #running = new Map<string, Set<Changes>>();

  async read(userId: string, conversationIds: () => Promise<readonly string[]>): Promise<string[]> {
    const changes: Changes = new Map();
    const running = this.#running.get(userId) ?? new Set();
    this.#running.set(userId, running.add(changes));
    try {
      const ids = new Set(await conversationIds());
      for (const [id, isIn] of changes) {
        if (isIn) ids.add(id);
        else ids.delete(id);
      }
      return [...ids];
    } finally {
      running.delete(changes);
      if (running.size === 0) this.#running.delete(userId);
    }
  }

  /** Notes a change for the readings that are on their way. */
  changed(userId: string, conversationId: string, isIn: boolean): void {
    for (const changes of this.#running.get(userId) ?? []) changes.set(conversationId, isIn);
  }
}
