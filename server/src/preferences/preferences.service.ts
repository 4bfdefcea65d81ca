import { Inject, Injectable } from '@nestjs/common';
import type { MessageDraft, SaveDraft, Seat, UpdatePreferences } from '@parley/protocol';
import { CONFIG, type Config } from '../config.js';
import {
  ConversationsRepository,
  ConversationsService,
  ConversationViews,
  InboxesRepository,
  type SeatRow,
} from '../conversations/index.js';
import { AppError, invalid } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Events } from '../platform/events/domain-events.js';
import type { Viewer } from '../platform/viewer.js';
import { TimelineRepository } from '../timeline/index.js';
import { PreferencesRepository } from './preferences.repository.js';

/** What each person sets for themselves in a conversation, and has begun to write: the same on all their devices. */
@Injectable()
export class PreferencesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly views: ConversationViews,
    private readonly inboxes: InboxesRepository,
    private readonly timeline: TimelineRepository,
    private readonly preferences: PreferencesRepository,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  update(viewer: Viewer, conversationId: string, input: UpdatePreferences): Promise<Seat> {
    return this.#change(viewer, conversationId, (tx, seat, inboxRev) =>
      this.preferences.update(tx, { conversationId: seat.id, userId: seat.userId }, input, inboxRev),
    );
  }

  /** Keeps what the viewer has begun to write; nothing to keep where it is empty. */
  saveDraft(viewer: Viewer, conversationId: string, input: SaveDraft): Promise<Seat> {
    const { content } = input;
    if (content.length > this.config.MAX_TEXT_LENGTH) {
      throw invalid('content', `must be at most ${this.config.MAX_TEXT_LENGTH} characters`);
    }
    return this.#change(viewer, conversationId, async (tx, seat, inboxRev) => {
      const replyToId = input.replyToId ?? null;
      if (replyToId !== null) await this.#requireVisible(tx, seat, replyToId);
      const draft: MessageDraft = { content, replyToId, updatedAt: this.clock.now().toISOString() };
      return this.#setDraft(tx, seat, content === '' ? null : draft, inboxRev);
    });
  }

  deleteDraft(viewer: Viewer, conversationId: string): Promise<Seat> {
    return this.#change(viewer, conversationId, (tx, seat, inboxRev) => this.#setDraft(tx, seat, null, inboxRev));
  }

  #setDraft(tx: Tx, seat: SeatRow, draft: MessageDraft | null, inboxRev: number): Promise<boolean> {
    return this.preferences.setDraft(tx, { conversationId: seat.id, userId: seat.userId }, draft, inboxRev);
  }

  /** One change of the viewer's place, counted and told to their devices; `write` says whether the place was still there. */
  #change(
    viewer: Viewer,
    conversationId: string,
    write: (tx: Tx, seat: SeatRow, inboxRev: number) => Promise<boolean>,
  ): Promise<Seat> {
    const { tenantId, userId } = viewer;
    return this.database.transaction(async (tx) => {
      const seat = await this.access.requireSeat(tx, viewer, conversationId);
      const inboxRev = (await this.inboxes.bump(tx, tenantId, [userId])).get(userId) ?? 0;
      if (!(await write(tx, seat, inboxRev))) throw new AppError('not_found');
      this.events.emit(tx, 'seat.changed', { tenantId, conversationId, userId, inboxRev });
      const [me] = await this.views.seatsOf(tx, await this.conversations.findSeats(tx, conversationId, [userId]));
      if (!me) throw new AppError('not_found');
      return me;
    });
  }

  async #requireVisible(tx: Tx, seat: SeatRow, messageId: string): Promise<void> {
    const seq = await this.timeline.seqOf(tx, seat.id, messageId);
    if (seq === null || seq < seat.visibleFromSeq) throw new AppError('not_found');
  }
}
