import type { ServerPayload } from '@parley/protocol';
import type { LocalSockets } from './local-sockets.js';

type Reason = ServerPayload<'sync_needed'>['reason'];

/** How often clients of a node that hears nothing are asked to sync, in ms. */
const EVERY = 2_000;
/** Over how long clients are asked at other times: at least so long, and for each of them; in ms. */
const SPREAD = 2_000;
const SPREAD_EACH = 1;

/** Asks the clients of this node to sync, spread over a while: each then asks PostgreSQL for what it has missed. */
export class SyncCaller {
  #again: NodeJS.Timeout | undefined;
  /** Set while all clients are being asked. */
  #round: NodeJS.Timeout | undefined;
  #next: Reason | undefined;

  constructor(private readonly sockets: LocalSockets) {}

  /** Asks everybody again and again until `rest`. */
  keepCalling(reason: Reason): void {
    this.rest();
    const call = () => this.#tell(reason, EVERY);
    this.#again = setInterval(call, EVERY).unref();
    call();
  }

  rest(): void {
    clearInterval(this.#again);
  }

  /** Asks everybody once; where that is wanted again while it goes on, once more after it. */
  callAll(reason: Reason): void {
    if (this.#round) {
      // That this node hears again is told whatever else is wanted meanwhile.
      if (this.#next !== 'bus_back') this.#next = reason;
      return;
    }
    const spread = Math.max(SPREAD, this.sockets.count * SPREAD_EACH);
    this.#tell(reason, spread);
    this.#round = setTimeout(() => {
      this.#round = undefined;
      const next = this.#next;
      this.#next = undefined;
      if (next) this.callAll(next);
    }, spread).unref();
  }

  stop(): void {
    this.rest();
    clearTimeout(this.#round);
  }

  #tell(reason: Reason, spread: number): void {
    for (const socket of this.sockets) {
      const tell = () => void socket.emit('sync_needed', { reason });
      setTimeout(tell, Math.random() * spread).unref();
    }
  }
}
