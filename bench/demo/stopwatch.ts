import type { Message } from '@parley/sdk';
import { type Spread, spreadOf } from '../src/statistics.js';

/** Takes the times of all messages: from sending to the acknowledgement, and to each other person's socket. */
export class Stopwatch {
  readonly #sentAt = new Map<string, number>();
  readonly #ackMs: number[] = [];
  readonly #liveMs: number[] = [];
  #firstSentAt = Infinity;
  #lastAckAt = 0;
  #lastHeardAt = 0;
  #heard = 0;

  sent(clientMessageId: string): void {
    const now = performance.now();
    this.#firstSentAt = Math.min(this.#firstSentAt, now);
    this.#sentAt.set(clientMessageId, now);
  }

  acked(clientMessageId: string): void {
    this.#lastAckAt = performance.now();
    this.#ackMs.push(this.#lastAckAt - (this.#sentAt.get(clientMessageId) ?? this.#lastAckAt));
  }

  heard(userId: string, { senderId, clientMessageId }: Message): void {
    this.#heard += 1;
    this.#lastHeardAt = performance.now();
    const sentAt = clientMessageId === null ? undefined : this.#sentAt.get(clientMessageId);
    // What comes back to the sender says nothing about reaching others.
    if (sentAt !== undefined && senderId !== userId) this.#liveMs.push(this.#lastHeardAt - sentAt);
  }

  /** Acknowledged messages a second so far. */
  rate(): number {
    return perSecond(this.#ackMs.length, performance.now() - this.#firstSentAt);
  }

  read(): Timing {
    return {
      ackMs: spreadOf(this.#ackMs),
      liveMs: spreadOf(this.#liveMs),
      seconds: Math.max(0, this.#lastAckAt - this.#firstSentAt) / 1_000,
      messagesPerSecond: perSecond(this.#ackMs.length, this.#lastAckAt - this.#firstSentAt),
      deliveriesPerSecond: perSecond(this.#heard, this.#lastHeardAt - this.#firstSentAt),
    };
  }
}

export interface Timing {
  readonly ackMs: Spread;
  readonly liveMs: Spread;
  /** From the first send to the last acknowledgement. */
  readonly seconds: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
}

const perSecond = (count: number, ms: number): number => (ms > 0 ? (count / ms) * 1_000 : 0);
