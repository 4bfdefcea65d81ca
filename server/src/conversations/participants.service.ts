import './conversation.events.js';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { GROUP_CAPACITY, type Page, type PageQuery, type Participant, type Role } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Events } from '../platform/events/domain-events.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import { Realtime } from '../platform/realtime/realtime.js';
import type { Viewer } from '../platform/viewer.js';
import { TimelineRepository } from '../timeline/index.js';
import { UsersService } from '../users/index.js';
import { toParticipant } from './conversation-views.js';
import { heirOf, mayActOn, mayDo, mayGiveRole } from './conversation.rules.js';
import { ConversationsRepository, type SeatRow } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';
import { InboxesRepository } from './inboxes.repository.js';

const ListCursor = z.tuple([SortTime, z.guid()]);

/** Who is in a conversation, and as what. Every change takes the conversation's lock, as sends do. */
@Injectable()
export class ParticipantsService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly inboxes: InboxesRepository,
    private readonly users: UsersService,
    private readonly timeline: TimelineRepository,
    private readonly realtime: Realtime,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  async list(viewer: Viewer, conversationId: string, page: PageQuery): Promise<Page<Participant>> {
    const cursor = decodeCursor(ListCursor, page.cursor);
    const after = cursor && { joinedAt: cursor[0], id: cursor[1] };
    return this.database.read(async (tx) => {
      await this.access.requireSeat(tx, viewer, conversationId);
      const isSharing = await this.users.sharesReceipts(tx, viewer);
      const rows = await this.conversations.listParticipants(tx, conversationId, { limit: page.limit + 1, after });
      return toPage(rows, page.limit, {
        item: (row) => toParticipant(row, isSharing),
        key: (row) => [row.joinedAt.toISOString(), row.id],
      });
    });
  }

  /** Brings people in; who is there already stays as they are. Returns those who were asked for. */
  add(viewer: Viewer, conversationId: string, userIds: readonly string[]): Promise<Participant[]> {
    const asked = [...new Set(userIds)];
    return this.#change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'addParticipants');
      const present = await this.conversations.findParticipants(tx, conversationId, asked);
      const presentIds = new Set(present.map((row) => row.id));
      const added = asked.filter((id) => !presentIds.has(id));
      await this.access.requireAddable(tx, viewer, added, { path: 'userIds', userIds });
      if (seat.memberCount + added.length > GROUP_CAPACITY) throw new AppError('conversation_full');
      if (added.length > 0) await this.#seat(tx, viewer, seat, added);
      const rows = await this.conversations.findParticipants(tx, conversationId, asked);
      const isSharing = await this.users.sharesReceipts(tx, viewer);
      return rows.map((row) => toParticipant(row, isSharing));
    });
  }

  leave(viewer: Viewer, conversationId: string): Promise<void> {
    return this.#change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId);
      if (seat.role === 'owner') await this.#passOnOwnership(tx, seat);
      await this.#unseat(tx, seat, viewer.userId, 'left', viewer);
    });
  }

  remove(viewer: Viewer, conversationId: string, userId: string): Promise<void> {
    return this.#change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'removeParticipants');
      const target = await this.#requireMember(tx, conversationId, userId);
      // Leaving is how one goes oneself: it passes ownership on.
      if (userId === viewer.userId || !mayActOn(seat.role, target.role)) throw new AppError('forbidden');
      await this.#unseat(tx, seat, userId, 'removed', viewer);
    });
  }

  changeRole(viewer: Viewer, conversationId: string, userId: string, role: Role): Promise<Participant> {
    return this.#change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'changeRoles');
      const target = await this.#requireMember(tx, conversationId, userId);
      if (!mayGiveRole(seat.role, target.role, role)) throw new AppError('forbidden');
      const isSharing = await this.users.sharesReceipts(tx, viewer);
      if (target.role === role) return toParticipant(target, isSharing);
      const isLastOwner = target.role === 'owner' && (await this.conversations.countOwners(tx, conversationId)) === 1;
      if (isLastOwner) throw new AppError('forbidden', { detail: 'A group keeps at least one owner' });
      await this.#setRole(tx, seat, userId, role, viewer.userId);
      return toParticipant({ ...target, role }, isSharing);
    });
  }

  /** Takes a person out of every group, for an account that is being erased. */
  async leaveAll(viewer: Viewer): Promise<void> {
    const ids = await this.access.idsOf(viewer);
    for (const conversationId of ids) {
      await this.leave(viewer, conversationId).catch((error: unknown) => {
        // Direct conversations stay for the other person; what was left meanwhile is left.
        if (!(error instanceof AppError)) throw error;
      });
    }
  }

  /** One transaction under the conversation's lock. */
  async #change<T>(viewer: Viewer, conversationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      // A stranger must not be able to hold the lock of a conversation by asking for it.
      await this.access.requireSeat(tx, viewer, conversationId);
      await this.conversations.lock(tx, conversationId);
      return work(tx);
    });
  }

  async #requireMember(tx: Tx, conversationId: string, userId: string) {
    const [member] = await this.conversations.findParticipants(tx, conversationId, [userId]);
    if (!member) throw new AppError('not_found');
    return member;
  }

  async #seat(tx: Tx, viewer: Viewer, seat: SeatRow, userIds: string[]): Promise<void> {
    const at = this.clock.now();
    await this.conversations.changeMemberCount(tx, seat.id, userIds.length);
    const notice = await this.timeline.appendSystem(tx, {
      conversationId: seat.id,
      actorId: viewer.userId,
      metadata: { event: 'participants_added', userIds },
      at,
    });
    const revs = await this.inboxes.bump(tx, seat.tenantId, userIds);
    const newcomers = userIds.map((userId) => ({ userId, inboxRev: revs.get(userId) ?? 0 }));
    await this.conversations.seat(tx, seat, newcomers, {
      role: 'member',
      mayPost: mayDo({ ...seat, role: 'member' }, 'post'),
      visibleFromSeq: seat.historyVisibility === 'joined' ? notice.seq : 1,
      at,
    });
    tx.afterCommit(() => this.realtime.join(userIds, seat.id));
    this.events.emit(tx, 'participants.joined', { conversationId: seat.id, userIds, notice });
  }

  async #unseat(tx: Tx, seat: SeatRow, userId: string, reason: 'left' | 'removed', actor: Viewer): Promise<void> {
    const at = this.clock.now();
    await this.conversations.changeMemberCount(tx, seat.id, -1);
    const notice = await this.timeline.appendSystem(tx, {
      conversationId: seat.id,
      actorId: actor.userId,
      metadata: { event: reason === 'left' ? 'participant_left' : 'participant_removed', userId },
      at,
    });
    const inboxRev = (await this.inboxes.bump(tx, seat.tenantId, [userId])).get(userId) ?? 0;
    await this.conversations.unseat(tx, seat.id, userId, { at, inboxRev });
    // Before the commit: a message that waits for our lock could else be emitted before the sockets are out.
    tx.afterRollback(() => this.#rejoinIfSeated(seat, userId));
    await this.realtime.leave(userId, seat.id);
    // And after it: a socket that connected in between has read that the seat is still there.
    tx.afterCommit(() => this.realtime.leave(userId, seat.id));
    this.events.emit(tx, 'participant.left', { conversationId: seat.id, userId, reason, notice, inboxRev });
  }

  /** After a failure whose outcome may be unknown, the table decides who receives the conversation. */
  async #rejoinIfSeated(seat: SeatRow, userId: string): Promise<void> {
    const still = await this.database.read((tx) => this.conversations.findSeat(tx, seat.tenantId, seat.id, userId));
    if (still) await this.realtime.join(userId, seat.id);
  }

  async #passOnOwnership(tx: Tx, seat: SeatRow): Promise<void> {
    if ((await this.conversations.countOwners(tx, seat.id)) > 1) return;
    const others = await this.conversations.listParticipants(tx, seat.id, { limit: GROUP_CAPACITY, after: null });
    const heir = heirOf(others.filter((other) => other.id !== seat.userId));
    if (heir) await this.#setRole(tx, seat, heir.id, 'owner', seat.userId);
  }

  async #setRole(tx: Tx, seat: SeatRow, userId: string, role: Role, actorId: string): Promise<void> {
    const inboxRev = (await this.inboxes.bump(tx, seat.tenantId, [userId])).get(userId) ?? 0;
    const mayPost = mayDo({ ...seat, role }, 'post');
    await this.conversations.setRole(tx, seat.id, userId, { role, mayPost, inboxRev });
    const notice = await this.timeline.appendSystem(tx, {
      conversationId: seat.id,
      actorId,
      metadata: { event: 'role_changed', userId, role },
      at: this.clock.now(),
    });
    this.events.emit(tx, 'participant.changed', { conversationId: seat.id, userId, role, notice });
  }
}
