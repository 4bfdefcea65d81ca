import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { ConversationViews } from './conversation-views.js';
import { ConversationsRepository } from './conversations.repository.js';

/** How many members' views are made at a time: a large group must not hold a connection, or the process, for long. */
const VIEWS_AT_ONCE = 200;

/**
 * Shows people who are connected what is theirs to see anew. What is shown is read now and may be later than the change
 * that is told of; it carries the number of that change, so that whoever counts the changes misses none.
 */
@Injectable()
export class LiveViews {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly views: ConversationViews,
    private readonly realtime: Realtime,
  ) {}

  /** Shows the conversation, as each of these members sees it. */
  async show(conversationId: string, userIds: readonly string[], as: { readonly rev?: number } = {}): Promise<void> {
    const online = [...(await this.realtime.onlineAmong(userIds))];
    for (let from = 0; from < online.length; from += VIEWS_AT_ONCE) {
      await this.#showSome(conversationId, online.slice(from, from + VIEWS_AT_ONCE), as);
    }
  }

  /** Shows a person their own place on all their devices, as the change `inboxRev` of their inbox. */
  async showSeat(conversationId: string, userId: string, inboxRev: number): Promise<void> {
    if ((await this.realtime.onlineAmong([userId])).size === 0) return;
    const seen = await this.database.snapshot(async (tx) => {
      const seats = await this.conversations.findSeats(tx, conversationId, [userId]);
      const [me] = await this.views.seatsOf(tx, seats);
      return me && { conversationId, rev: seats[0]?.rev ?? 0, me: { ...me, rev: inboxRev } };
    });
    if (seen) this.realtime.toMember(userId, conversationId, 'seat_updated', seen);
  }

  async #showSome(conversationId: string, userIds: readonly string[], as: { readonly rev?: number }): Promise<void> {
    const seen = await this.database.snapshot(async (tx) => {
      const seats = await this.conversations.findSeats(tx, conversationId, userIds);
      const views = await this.views.of(tx, seats);
      return seats.map((seat, index) => ({ userId: seat.userId, view: views[index] }));
    });
    for (const { userId, view } of seen) {
      if (view) this.realtime.toMember(userId, conversationId, 'conversation_updated', { ...view, ...as });
    }
  }
}
