import { setTimeout as sleep } from 'node:timers/promises';
import { ParleyError } from '@parley/sdk';

const BUSY_WAIT = 500;
/** A server that is busy for longer than all these tries is not busy but broken. */
const TRIES_WHEN_BUSY = 20;

/** Calls that wait as long as the server asks when it says "too many" or "busy". */
export class Patience {
  #hasTold = false;

  constructor(
    private readonly tell: (text: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  async call<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      this.signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        await this.#wait(error, attempt);
      }
    }
  }

  async #wait(error: unknown, attempt: number): Promise<void> {
    if (!(error instanceof ParleyError)) throw error;
    const isBusy = error.code === 'overloaded' && attempt < TRIES_WHEN_BUSY;
    if (error.code !== 'rate_limited' && !isBusy) throw error;
    const ms = error.retryAfterMs ?? BUSY_WAIT;
    if (error.code === 'rate_limited') this.#tellOnce(ms);
    await sleep(ms, undefined, { signal: this.signal });
  }

  #tellOnce(ms: number): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    this.tell(
      `The server limits how fast one address may go: waiting as it asks (${inWords(ms)} now). ` +
        'A server started with `LIMITS=off npm start` is quicker.',
    );
  }
}

const inWords = (ms: number): string =>
  ms < 120_000 ? `${Math.ceil(ms / 1_000)} s` : `${Math.ceil(ms / 60_000)} minutes`;
