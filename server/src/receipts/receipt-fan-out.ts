import { Injectable } from '@nestjs/common';
import type { Receipt } from '@parley/protocol';
import { Realtime } from '../platform/realtime/realtime.js';

/** How long receipts of a group are gathered, in ms. */
const GATHER = 200;
/** More receipts than this travel together. */
const MOST_ALONE = 20;

/**
 * Tells those who have a group on screen how far its members have read. What a group's members read within a moment is
 * gathered, and of each of them only the furthest is told: a thousand readers cost a packet.
 */
@Injectable()
export class ReceiptFanOut {
  #gathered = new Map<string, Map<string, Receipt>>();

  constructor(private readonly realtime: Realtime) {}

  add(receipt: Receipt): void {
    if (this.#gathered.size === 0) setTimeout(() => this.#flush(), GATHER).unref();
    const byReader = this.#gathered.get(receipt.conversationId) ?? new Map<string, Receipt>();
    // Marks only move forward, so the later is the further.
    this.#gathered.set(receipt.conversationId, byReader.set(receipt.userId, receipt));
  }

  #flush(): void {
    const gathered = this.#gathered;
    this.#gathered = new Map();
    for (const [conversationId, byReader] of gathered) {
      const items = [...byReader.values()];
      if (items.length > MOST_ALONE) {
        this.realtime.toTopic(`receipts:${conversationId}`, 'receipts', { conversationId, items });
        continue;
      }
      for (const receipt of items) {
        this.realtime.toTopic(`receipts:${conversationId}`, 'receipt', receipt, { except: receipt.userId });
      }
    }
  }
}
