import './participant.events.js';
import { Injectable } from '@nestjs/common';
import { GROUP_CAPACITY, type LeaveReason, type Role, type SystemMetadata } from '@parley/protocol';
import { type ConversationEntity, InboxesRepository, mayDo } from '../conversations/index.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { Events } from '../platform/events/domain-events.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { TimelineRepository } from '../timeline/index.js';
import { ParticipantsRepository } from './participants.repository.js';

/** Each member's new number of their own changes. */
type Revs = ReadonlyMap<string, number>;
/** Why somebody leaves a conversation that goes on. */
type Reason = Exclude<LeaveReason, 'deleted'>;

const NOTICE_OF = {
  left: 'participant_left',
  removed: 'participant_removed',
  banned: 'participant_banned',
} as const satisfies Record<Reason, SystemMetadata['event']>;

/**
 * Gives and takes seats. Every method is part of a transaction that holds the conversation's lock, as sends do; it says
 * in the conversation what it did and emits the event of it. Whose own place changes has had their inbox counted, once
 * and for all of them together, before: `count`.
 */
@Injectable()
export class SeatingService {
  constructor(
    private readonly participants: ParticipantsRepository,
    private readonly inboxes: InboxesRepository,
    private readonly timeline: TimelineRepository,
    private readonly realtime: Realtime,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  /** Counts a change for each of these people; in one statement, so that no two transactions wait for each other. */
  count(tx: Tx, conversation: ConversationEntity, userIds: readonly string[]): Promise<Revs> {
    return this.inboxes.bump(tx, conversation.tenantId, userIds);
  }

  /** Seats people who have no seat as members. */
  async admit(
    tx: Tx,
    conversation: ConversationEntity,
    userIds: readonly string[],
    told: { readonly actorId: string; readonly metadata: SystemMetadata },
  ): Promise<void> {
    const { id } = conversation;
    if (conversation.memberCount + userIds.length > GROUP_CAPACITY) throw new AppError('conversation_full');
    const at = this.clock.now();
    await this.participants.changeMemberCount(tx, id, userIds.length);
    const notice = await this.timeline.appendSystem(tx, { conversationId: id, at, ...told });
    const revs = await this.count(tx, conversation, userIds);
    const newcomers = userIds.map((userId) => ({ userId, inboxRev: revs.get(userId) ?? 0 }));
    await this.participants.seat(tx, conversation, newcomers, {
      role: 'member',
      mayPost: mayDo({ ...conversation, role: 'member' }, 'post'),
      visibleFromSeq: conversation.historyVisibility === 'joined' ? notice.seq : 1,
      at,
    });
    // After a failure whose outcome may be unknown, the table decides who receives the conversation.
    tx.afterRollback(() => this.realtime.lookAgain(userIds));
    tx.afterCommit(() => this.realtime.join(newcomers, id));
    this.events.emit(tx, 'participants.joined', { conversationId: id, userIds, notice });
  }

  async unseat(
    tx: Tx,
    conversation: ConversationEntity,
    change: { readonly userId: string; readonly reason: Reason; readonly actorId: string },
    revs: Revs,
  ): Promise<void> {
    const { id } = conversation;
    const { userId, reason } = change;
    const at = this.clock.now();
    await this.participants.changeMemberCount(tx, id, -1);
    const notice = await this.timeline.appendSystem(tx, {
      conversationId: id,
      actorId: change.actorId,
      metadata: { event: NOTICE_OF[reason], userId },
      at,
    });
    const inboxRev = revs.get(userId) ?? 0;
    await this.participants.unseat(tx, id, userId, { at, inboxRev });
    const moves = [{ userId, inboxRev }];
    // Before the commit: a message that waits for our lock could else be emitted before the sockets are out.
    // After a failure whose outcome may be unknown, the table decides who receives the conversation.
    tx.afterRollback(() => this.realtime.lookAgain([userId]));
    await this.realtime.leave(moves, id);
    // And after it: a socket that connected in between has read that the seat is still there.
    tx.afterCommit(() => this.realtime.leave(moves, id));
    this.events.emit(tx, 'participant.left', { conversationId: id, userId, reason, notice, inboxRev });
  }

  async setRole(
    tx: Tx,
    conversation: ConversationEntity,
    change: { readonly userId: string; readonly role: Role; readonly actorId: string },
    revs: Revs,
  ): Promise<void> {
    const { userId, role } = change;
    const inboxRev = revs.get(userId) ?? 0;
    const mayPost = mayDo({ ...conversation, role }, 'post');
    await this.participants.setRole(tx, conversation.id, userId, { role, mayPost, inboxRev });
    await this.#tellOfChange(tx, conversation, { ...change, inboxRev }, { event: 'role_changed', userId, role });
  }

  /** Keeps a member from writing for a while, or lets them write again. */
  async silence(
    tx: Tx,
    conversation: ConversationEntity,
    change: { readonly userId: string; readonly until: Date | null; readonly actorId: string },
    revs: Revs,
  ): Promise<void> {
    const { userId, until } = change;
    const inboxRev = revs.get(userId) ?? 0;
    await this.participants.silence(tx, conversation.id, userId, { until, inboxRev });
    const metadata = { event: 'participant_muted' as const, userId, until: until?.toISOString() ?? null };
    await this.#tellOfChange(tx, conversation, { ...change, inboxRev }, metadata);
  }

  async #tellOfChange(
    tx: Tx,
    { id }: ConversationEntity,
    change: { readonly userId: string; readonly actorId: string; readonly inboxRev: number },
    metadata: SystemMetadata,
  ): Promise<void> {
    const { userId, actorId, inboxRev } = change;
    const at = this.clock.now();
    const notice = await this.timeline.appendSystem(tx, { conversationId: id, actorId, metadata, at });
    this.events.emit(tx, 'participant.changed', { conversationId: id, userId, notice, inboxRev });
  }
}
