import type { MoveRequest } from './bus.js';

/**
 * For how long a move is remembered at least, in ms: longer than the answer to a commit is waited for, and older letters
 * are not opened.
 */
const REMEMBERED = 30_000;

/**
 * The last move of each seat that this node has heard of. A join is told after its commit, so it may arrive when a later
 * removal is already done; the person's `inboxRev`, counted under a lock, says which of them was last.
 */
export class SeatMoves {
  #recent = new Map<string, number>();
  #older = new Map<string, number>();
  #turnedAt = performance.now();

  /** Notes a move, and says for whom of its people it is to be carried out: not where a later one was. */
  note({ userIds, inboxRevs, conversationId }: MoveRequest): string[] {
    this.#turn();
    return userIds.filter((userId, index) => {
      const seat = `${userId} ${conversationId}`;
      const last = this.#recent.get(seat) ?? this.#older.get(seat) ?? 0;
      const inboxRev = inboxRevs[index] ?? 0;
      if (inboxRev < last) return false;
      this.#recent.set(seat, inboxRev);
      return true;
    });
  }

  #turn(): void {
    const now = performance.now();
    if (now - this.#turnedAt < REMEMBERED) return;
    this.#older = this.#recent;
    this.#recent = new Map();
    this.#turnedAt = now;
  }
}
