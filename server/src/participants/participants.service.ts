import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { GROUP_CAPACITY, type Page, type Participant, type ParticipantQuery, type Role } from '@parley/protocol';
import {
  ConversationsRepository,
  ConversationsService,
  heirOf,
  mayActOn,
  mayGiveRole,
  type ParticipantRow,
  type SeatRow,
  toParticipant,
} from '../conversations/index.js';
import { AppError, invalid } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { UsersService } from '../users/index.js';
import { BansRepository } from './bans.repository.js';
import { ParticipantsRepository } from './participants.repository.js';
import { SeatingService } from './seating.service.js';

const ListCursor = z.tuple([SortTime, z.guid()]);

/** Who is in a conversation, and as what. Every change takes the conversation's lock, as sends do. */
@Injectable()
export class ParticipantsService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly participants: ParticipantsRepository,
    private readonly bans: BansRepository,
    private readonly seating: SeatingService,
    private readonly users: UsersService,
    private readonly limits: Limits,
  ) {}

  async list(viewer: Viewer, conversationId: string, query: ParticipantQuery): Promise<Page<Participant>> {
    // Looking for a name goes through all of a group, however large.
    if (query.q !== undefined) await this.limits.take('search', viewer.userId);
    const cursor = decodeCursor(ListCursor, query.cursor);
    const after = cursor && { joinedAt: cursor[0], id: cursor[1] };
    return this.database.read(async (tx) => {
      await this.access.requireSeat(tx, viewer, conversationId);
      const isSharing = await this.users.sharesReceipts(tx, viewer);
      const page = { limit: query.limit + 1, after, called: query.q };
      const rows = await this.conversations.listParticipants(tx, conversationId, page);
      return toPage(rows, query.limit, {
        item: (row) => toParticipant(row, isSharing),
        key: (row) => [row.joinedAt.toISOString(), row.id],
      });
    });
  }

  /** Brings people in; who is there already stays as they are. Returns those who were asked for. */
  add(viewer: Viewer, conversationId: string, userIds: readonly string[]): Promise<Participant[]> {
    const asked = [...new Set(userIds)];
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'addParticipants');
      const present = await this.conversations.findParticipants(tx, conversationId, asked);
      const presentIds = new Set(present.map((row) => row.id));
      const added = asked.filter((id) => !presentIds.has(id));
      await this.access.requireAddable(tx, viewer, added, { path: 'userIds', userIds });
      const banned = await this.bans.among(tx, conversationId, added);
      this.access.refuse(banned, { path: 'userIds', userIds }, 'is banned from this conversation');
      const metadata = { event: 'participants_added' as const, userIds: added };
      if (added.length > 0) await this.seating.admit(tx, seat, added, { actorId: viewer.userId, metadata });
      return this.#shown(tx, viewer, conversationId, asked);
    });
  }

  leave(viewer: Viewer, conversationId: string): Promise<void> {
    const { userId } = viewer;
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId);
      const heir = await this.#heirOf(tx, seat);
      const revs = await this.seating.count(tx, seat, heir ? [heir.id, userId] : [userId]);
      if (heir) await this.seating.setRole(tx, seat, { userId: heir.id, role: 'owner', actorId: userId }, revs);
      await this.seating.unseat(tx, seat, { userId, reason: 'left', actorId: userId }, revs);
    });
  }

  remove(viewer: Viewer, conversationId: string, userId: string): Promise<void> {
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'removeParticipants');
      await this.requireLower(tx, seat, userId);
      const revs = await this.seating.count(tx, seat, [userId]);
      await this.seating.unseat(tx, seat, { userId, reason: 'removed', actorId: viewer.userId }, revs);
    });
  }

  changeRole(viewer: Viewer, conversationId: string, userId: string, role: Role): Promise<Participant> {
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'changeRoles');
      const target = await this.requireMember(tx, conversationId, userId);
      if (!mayGiveRole(seat.role, target.role, role)) throw new AppError('forbidden');
      if (target.role !== role) {
        const isLastOwner = target.role === 'owner' && (await this.participants.countOwners(tx, conversationId)) === 1;
        if (isLastOwner) throw new AppError('forbidden', { detail: 'A conversation keeps at least one owner' });
        const revs = await this.seating.count(tx, seat, [userId]);
        await this.seating.setRole(tx, seat, { userId, role, actorId: viewer.userId }, revs);
      }
      return this.requireShown(tx, viewer, conversationId, userId);
    });
  }

  /** Makes another member owner in the viewer's place, who stays as admin. Returns the new owner. */
  transfer(viewer: Viewer, conversationId: string, userId: string): Promise<Participant> {
    const actorId = viewer.userId;
    if (userId === actorId) throw invalid('userId', 'must be somebody else');
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'transferOwnership');
      const target = await this.requireMember(tx, conversationId, userId);
      const isOwner = target.role === 'owner';
      const revs = await this.seating.count(tx, seat, isOwner ? [actorId] : [userId, actorId]);
      if (!isOwner) await this.seating.setRole(tx, seat, { userId, role: 'owner', actorId }, revs);
      await this.seating.setRole(tx, seat, { userId: actorId, role: 'admin', actorId }, revs);
      return this.requireShown(tx, viewer, conversationId, userId);
    });
  }

  /** Takes a person out of every group, for an account that is being erased. */
  async leaveAll(viewer: Viewer): Promise<void> {
    const ids = await this.access.idsOf(viewer);
    for (const conversationId of ids) {
      await this.leave(viewer, conversationId).catch((error: unknown) => {
        // Direct conversations stay for the other person; what was left meanwhile is left. Anything else is tried again.
        const isSettled = error instanceof AppError && ['direct_conversation', 'not_found'].includes(error.code);
        if (!isSettled) throw error;
      });
    }
  }

  async requireMember(tx: Tx, conversationId: string, userId: string): Promise<ParticipantRow> {
    const [member] = await this.conversations.findParticipants(tx, conversationId, [userId]);
    if (!member) throw new AppError('not_found');
    return member;
  }

  /** A member whom the one in this seat may act against. Nobody acts against themselves: that is leaving. */
  async requireLower(tx: Tx, seat: SeatRow, userId: string): Promise<ParticipantRow> {
    const target = await this.requireMember(tx, seat.id, userId);
    if (userId === seat.userId || !mayActOn(seat.role, target.role)) throw new AppError('forbidden');
    return target;
  }

  /** A member as the viewer sees them now. */
  async requireShown(tx: Tx, viewer: Viewer, conversationId: string, userId: string): Promise<Participant> {
    const [participant] = await this.#shown(tx, viewer, conversationId, [userId]);
    if (!participant) throw new AppError('not_found');
    return participant;
  }

  async #shown(tx: Tx, viewer: Viewer, conversationId: string, userIds: readonly string[]): Promise<Participant[]> {
    const isSharing = await this.users.sharesReceipts(tx, viewer);
    const rows = await this.conversations.findParticipants(tx, conversationId, userIds);
    return rows.map((row) => toParticipant(row, isSharing));
  }

  /** Who becomes owner when the one in this seat leaves; null where another owner stays, or nobody does. */
  async #heirOf(tx: Tx, seat: SeatRow): Promise<ParticipantRow | null> {
    if (seat.role !== 'owner' || (await this.participants.countOwners(tx, seat.id)) > 1) return null;
    const others = await this.conversations.listParticipants(tx, seat.id, { limit: GROUP_CAPACITY, after: null });
    return heirOf(others.filter((other) => other.id !== seat.userId));
  }
}
