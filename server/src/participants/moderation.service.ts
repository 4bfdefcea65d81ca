import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Ban, BanParticipant, MuteParticipant, Page, PageQuery, Participant } from '@parley/protocol';
import { ConversationsRepository, ConversationsService, type SeatRow } from '../conversations/index.js';
import { AppError, invalid } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import type { Viewer } from '../platform/viewer.js';
import { toUser, UsersService } from '../users/index.js';
import { type BanRow, BansRepository } from './bans.repository.js';
import { ParticipantsService } from './participants.service.js';
import { SeatingService } from './seating.service.js';

const ListCursor = z.tuple([SortTime, z.guid()]);

/** Who may not write for a while, and who may not come back. */
@Injectable()
export class ModerationService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly participants: ParticipantsService,
    private readonly bans: BansRepository,
    private readonly seating: SeatingService,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  mute(viewer: Viewer, conversationId: string, userId: string, input: MuteParticipant): Promise<Participant> {
    const until = input.until === null ? null : new Date(input.until);
    if (until && until <= this.clock.now()) throw invalid('until', 'must lie in the future');
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'removeParticipants');
      const target = await this.participants.requireLower(tx, seat, userId);
      if (until?.getTime() !== target.silencedUntil?.getTime()) {
        const revs = await this.seating.count(tx, seat, [userId]);
        await this.seating.silence(tx, seat, { userId, until, actorId: viewer.userId }, revs);
      }
      return this.participants.requireShown(tx, viewer, conversationId, userId);
    });
  }

  /** Keeps a person out, and puts them out if they are in; who is banned already stays so as they were. */
  ban(viewer: Viewer, conversationId: string, userId: string, input: BanParticipant): Promise<Ban> {
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'removeParticipants');
      await this.#putOut(tx, seat, viewer, userId);
      await this.bans.insertOnce(tx, {
        tenantId: seat.tenantId,
        conversationId,
        userId,
        bannedBy: viewer.userId,
        bannedAt: this.clock.now(),
        reason: input.reason ?? null,
      });
      const ban = await this.bans.find(tx, conversationId, userId);
      if (!ban) throw new AppError('not_found');
      return toBan(ban);
    });
  }

  lift(viewer: Viewer, conversationId: string, userId: string): Promise<void> {
    return this.access.change(viewer, conversationId, async (tx) => {
      await this.access.requireGroupSeat(tx, viewer, conversationId, 'removeParticipants');
      if (!(await this.bans.delete(tx, conversationId, userId))) throw new AppError('not_found');
    });
  }

  async list(viewer: Viewer, conversationId: string, page: PageQuery): Promise<Page<Ban>> {
    const cursor = decodeCursor(ListCursor, page.cursor);
    const after = cursor && { bannedAt: cursor[0], id: cursor[1] };
    return this.database.read(async (tx) => {
      await this.access.requireGroupSeat(tx, viewer, conversationId, 'removeParticipants');
      const rows = await this.bans.list(tx, conversationId, { limit: page.limit + 1, after });
      return toPage(rows, page.limit, { item: toBan, key: (row) => [row.bannedAt.toISOString(), row.id] });
    });
  }

  async #putOut(tx: Tx, seat: SeatRow, viewer: Viewer, userId: string): Promise<void> {
    const [member] = await this.conversations.findParticipants(tx, seat.id, [userId]);
    if (member) {
      await this.participants.requireLower(tx, seat, userId);
      const revs = await this.seating.count(tx, seat, [userId]);
      await this.seating.unseat(tx, seat, { userId, reason: 'banned', actorId: viewer.userId }, revs);
      return;
    }
    const [stranger] = await this.users.holdActive(tx, viewer, [userId]);
    if (!stranger) throw new AppError('not_found');
  }
}

/** A stored ban as those who can lift it see it. */
const toBan = (row: BanRow): Ban => ({
  user: toUser(row),
  bannedBy: row.bannedBy,
  bannedAt: row.bannedAt.toISOString(),
  reason: row.reason,
});
