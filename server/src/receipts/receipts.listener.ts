import './receipt.events.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { toSeat } from '../conversations/index.js';
import { type DomainEvents, Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';
import type { MovedMarks } from './marks.queries.js';
import { ReceiptFanOut } from './receipt-fan-out.js';
import { hasMoved, isNews } from './receipts.rules.js';

/** Tells people's own devices what was read on one of them, and the others as much as they may know. */
@Injectable()
export class ReceiptsListener implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
    private readonly fanOut: ReceiptFanOut,
  ) {}

  onModuleInit(): void {
    this.events.on('marks.moved', (event) => this.moved(event));
    this.events.on('privacy.changed', (event) => this.privacyChanged(event));
  }

  moved({ at, marks }: DomainEvents['marks.moved']): void {
    for (const mark of marks) {
      this.#tellOwn(mark, at.toISOString());
      this.#tellOthers(mark, at.toISOString());
    }
  }

  /** Who no longer lets others know is no longer told; who lets them again asks again. */
  async privacyChanged({ viewer, after }: DomainEvents['privacy.changed']): Promise<void> {
    if (!after.readReceipts) await this.realtime.unwatchAll(viewer.userId, ['receipts']);
  }

  #tellOwn({ conversationId, userId, seat }: MovedMarks['marks'][number], at: string): void {
    const { rev, unread, mentions, lastReadSeq, lastDeliveredSeq, inboxRev } = seat;
    const receipt = { conversationId, userId, lastReadSeq, lastDeliveredSeq, at };
    if (unread === null || mentions === null) {
      // What was only delivered is told by its receipt alone: counting anew what is unread would cost for nothing.
      this.realtime.toMember(userId, conversationId, 'receipt', { ...receipt, inboxRev });
      return;
    }
    const me = toSeat(seat, { unread, mentions });
    this.realtime.toMember(userId, conversationId, 'seat_updated', { conversationId, rev, me });
    if (hasMoved(seat)) this.realtime.toMember(userId, conversationId, 'receipt', receipt);
  }

  #tellOthers({ conversationId, userId, seat }: MovedMarks['marks'][number], at: string): void {
    const { lastDeliveredSeq, sharedReadSeq } = seat;
    const receipt = { conversationId, userId, lastDeliveredSeq, at };
    if (seat.type !== 'direct') {
      if (isNews(seat)) this.fanOut.add({ ...receipt, lastReadSeq: sharedReadSeq });
    } else if (seat.peerId !== null) {
      const lastReadSeq = seat.isPeerSharing ? sharedReadSeq : 0;
      const inboxRev = seat.peerRev ?? 0;
      this.realtime.toMember(seat.peerId, conversationId, 'receipt', { ...receipt, lastReadSeq, inboxRev });
    }
  }
}
