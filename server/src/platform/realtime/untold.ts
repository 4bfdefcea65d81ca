import type { Bus, NodeRequest } from './bus.js';

type UnwatchRequest = Extract<NodeRequest, { kind: 'unwatch' }>;

/** What the other nodes could not be told, and are told as soon as they can be reached. */
export class Untold {
  /** Whose seats may have changed. */
  readonly #seats = new Set<string>();
  /** Who watches what no longer; each request under its own text. */
  readonly #ends = new Map<string, UnwatchRequest>();
  /** Whether events were not told, or may have got lost on the way: clients of other nodes do not know of it. */
  #hasEvents = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Bus,
    /** After how long it is told again if the other nodes have been reached all the time, in ms. */
    private readonly againAfter: number,
    /** Whether the bus is there; where it is not, its return is the moment to tell. */
    private readonly isCurrent: () => boolean,
  ) {}

  get isEmpty(): boolean {
    return this.#seats.size === 0 && this.#ends.size === 0 && !this.#hasEvents;
  }

  addSeats(userIds: readonly string[]): void {
    for (const userId of userIds) this.#seats.add(userId);
    this.#tellSoon();
  }

  addEnd(request: UnwatchRequest): void {
    this.#ends.set(JSON.stringify(request), request);
    this.#tellSoon();
  }

  addEvents(): void {
    this.#hasEvents = true;
    this.#tellSoon();
  }

  /** Tells it all; what fails again is kept. */
  async tell(): Promise<void> {
    const userIds = [...this.#seats];
    this.#seats.clear();
    if (userIds.length > 0) {
      await this.bus.ask({ kind: 'look_again', userIds }).catch(() => this.addSeats(userIds));
    }
    const ends = [...this.#ends.values()];
    this.#ends.clear();
    for (const request of ends) await this.bus.ask(request).catch(() => this.addEnd(request));
    if (!this.#hasEvents) return;
    this.#hasEvents = false;
    await this.bus.ask({ kind: 'sync_all', userIds: [] }).catch(() => this.addEvents());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.isCurrent()) void this.tell();
    }, this.againAfter).unref();
  }
}
