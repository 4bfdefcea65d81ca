import './conversation.events.js';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  type Conversation,
  type CreateConversation,
  GROUP_CAPACITY,
  type Page,
  type PageQuery,
  type Role,
} from '@parley/protocol';
import { AppError, invalid } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { definedOnly } from '../platform/defined-only.js';
import { Events } from '../platform/events/domain-events.js';
import { newId } from '../platform/ids.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import { Realtime } from '../platform/realtime/realtime.js';
import type { Viewer } from '../platform/viewer.js';
import { UsersService } from '../users/index.js';
import type { ConversationEntity } from './conversation.entity.js';
import { ConversationViews } from './conversation-views.js';
import { type Action, directKey, mayDo } from './conversation.rules.js';
import { ConversationsRepository, type SeatRow } from './conversations.repository.js';
import { InboxesRepository } from './inboxes.repository.js';
import type { ParticipantEntity } from './participant.entity.js';

type Addable = Awaited<ReturnType<UsersService['holdActive']>>[number];

const ListCursor = z.tuple([SortTime, z.guid()]);

/** Conversations as their members see them: begun, listed, opened, held. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly views: ConversationViews,
    private readonly inboxes: InboxesRepository,
    private readonly users: UsersService,
    private readonly realtime: Realtime,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  /** Begins a conversation; a direct one that exists is returned as it is, with `isNew` false. */
  create(viewer: Viewer, input: CreateConversation): Promise<{ conversation: Conversation; isNew: boolean }> {
    return input.type === 'direct' ? this.#createDirect(viewer, input) : this.#createShared(viewer, input);
  }

  async list(viewer: Viewer, page: PageQuery): Promise<Page<Conversation>> {
    const cursor = decodeCursor(ListCursor, page.cursor);
    const before = cursor && { at: cursor[0], id: cursor[1] };
    return this.database.snapshot(async (tx) => {
      const seats = await this.conversations.listSeats(tx, viewer.tenantId, viewer.userId, {
        limit: page.limit + 1,
        before,
      });
      const { items, nextCursor } = toPage(seats, page.limit, {
        item: (seat) => seat,
        key: (seat) => [seat.lastActivityAt.toISOString(), seat.id],
      });
      return { items: await this.views.of(tx, items), nextCursor };
    });
  }

  get(viewer: Viewer, conversationId: string): Promise<Conversation> {
    return this.database.snapshot((tx) => this.view(tx, viewer, conversationId));
  }

  /** The conversation as the viewer sees it within a transaction. */
  async view(tx: Tx, viewer: Viewer, conversationId: string): Promise<Conversation> {
    const [view] = await this.views.of(tx, [await this.requireSeat(tx, viewer, conversationId)]);
    if (!view) throw new AppError('not_found');
    return view;
  }

  /** One transaction under the conversation's lock, for what a member changes. */
  change<T>(viewer: Viewer, conversationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      // A stranger must not be able to hold the lock of a conversation by asking for it.
      await this.requireSeat(tx, viewer, conversationId);
      await this.conversations.lock(tx, conversationId);
      return work(tx);
    });
  }

  /** The conversations whose live events a person receives. */
  idsOf({ tenantId, userId }: Viewer, { isSettled = false } = {}): Promise<string[]> {
    if (!isSettled) return this.database.read((tx) => this.conversations.listIds(tx, tenantId, userId));
    return this.database.transaction(async (tx) => {
      // Who is being put out at this moment has their inbox locked until that has come to pass.
      await this.inboxes.awaitChanges(tx, tenantId, userId);
      return this.conversations.listIds(tx, tenantId, userId);
    });
  }

  /** Every member and the first message they can read, for what only some of them may be told. */
  readersOf(conversationId: string): Promise<{ userId: string; visibleFromSeq: number }[]> {
    return this.database.read((tx) => this.conversations.listReaders(tx, conversationId));
  }

  /** The ordinary way to load a conversation is the authorising one: who has no seat learns nothing of it. */
  async requireSeat(tx: Tx, viewer: Viewer, conversationId: string, action?: Action): Promise<SeatRow> {
    const seat = await this.conversations.findSeat(tx, viewer.tenantId, conversationId, viewer.userId);
    if (!seat) throw new AppError('not_found');
    if (action) this.requireRight(seat, action);
    return seat;
  }

  /** Whether who sits here may do this; `forbidden` where not. */
  requireRight(seat: SeatRow, action: Action): void {
    if (!mayDo(seat, action)) throw new AppError('forbidden');
  }

  /** Keeps sends, changes of messages and of members waiting until the transaction ends; for who has shown a seat. */
  lock(tx: Tx, conversationId: string): Promise<void> {
    return this.conversations.lock(tx, conversationId);
  }

  /** As `requireSeat`, for what cannot be done to a direct conversation. */
  async requireGroupSeat(tx: Tx, viewer: Viewer, conversationId: string, action?: Action): Promise<SeatRow> {
    const seat = await this.requireSeat(tx, viewer, conversationId);
    if (seat.type === 'direct') throw new AppError('direct_conversation');
    if (action) this.requireRight(seat, action);
    return seat;
  }

  /**
   * People who may be brought into a group by the viewer; unknown ids are 404, the unwilling a 403 that names where they
   * stand in what was `asked`.
   */
  async requireAddable(
    tx: Tx,
    viewer: Viewer,
    newcomers: readonly string[],
    asked: { path: string; userIds: readonly string[] },
  ): Promise<void> {
    const found = await this.users.holdActive(tx, viewer, newcomers);
    if (found.length < newcomers.length) throw new AppError('not_found');
    const unwilling = await this.#unwilling(tx, viewer, found);
    this.refuse(unwilling, asked, 'does not want to be added to groups');
  }

  /** A 403 that names where each of these people stands in what was `asked`; nothing if there are none. */
  refuse(refused: ReadonlySet<string>, asked: { path: string; userIds: readonly string[] }, message: string): void {
    if (refused.size === 0) return;
    const errors = asked.userIds.flatMap((id, index) =>
      refused.has(id) ? [{ path: `${asked.path}.${index}`, message }] : [],
    );
    throw new AppError('forbidden', { detail: 'Some of these people cannot be added', errors });
  }

  /** Whoever lets only people they know add them knows those they have written to. */
  async #unwilling(tx: Tx, viewer: Viewer, people: readonly Addable[]): Promise<Set<string>> {
    const unwilling = new Set(people.filter(({ privacy }) => privacy.addToGroups !== 'everyone').map(({ id }) => id));
    const choosy = people.filter(({ privacy }) => privacy.addToGroups === 'contacts').map(({ id }) => id);
    const keys = choosy.map((id) => directKey(viewer.userId, id));
    for (const id of await this.conversations.findWriters(tx, viewer, keys)) unwilling.delete(id);
    return unwilling;
  }

  async #createDirect(viewer: Viewer, input: CreateConversation & { type: 'direct' }) {
    const [peerId = ''] = input.participantIds;
    if (peerId === viewer.userId) throw invalid('participantIds.0', 'must be somebody else');
    return this.database.transaction(async (tx) => {
      const [peer] = await this.users.holdActive(tx, viewer, [peerId]);
      if (!peer) throw new AppError('not_found');
      const key = directKey(viewer.userId, peerId);
      const existing = await this.conversations.findDirectId(tx, viewer.tenantId, key);
      if (existing) return { conversation: await this.view(tx, viewer, existing), isNew: false };
      const conversation = this.#newConversation(viewer, { type: 'direct', directKey: key, memberCount: 2 });
      const isNew = await this.conversations.insertDirect(tx, conversation);
      if (isNew) await this.#begin(tx, conversation, [viewer.userId, peerId], 'member');
      // Whoever loses the race waits for the winner's commit and then finds that one.
      const id = await this.conversations.findDirectId(tx, viewer.tenantId, key);
      return { conversation: await this.view(tx, viewer, id ?? conversation.id), isNew };
    });
  }

  async #createShared(viewer: Viewer, input: CreateConversation & { type: 'group' | 'channel' }) {
    const others = [...new Set(input.participantIds)].filter((id) => id !== viewer.userId);
    if (others.length >= GROUP_CAPACITY) throw new AppError('conversation_full');
    return this.database.transaction(async (tx) => {
      await this.requireAddable(tx, viewer, others, { path: 'participantIds', userIds: input.participantIds });
      const conversation = this.#newConversation(viewer, {
        type: input.type,
        name: input.name,
        description: input.description ?? null,
        memberCount: others.length + 1,
        permissions: definedOnly(input.permissions ?? {}),
        historyVisibility: input.historyVisibility ?? 'all',
        joinPolicy: input.joinPolicy ?? 'invite',
        slowModeSeconds: input.slowModeSeconds ?? 0,
        messageTtl: input.messageTtl ?? null,
      });
      await this.conversations.insert(tx, conversation);
      await this.#begin(tx, conversation, [viewer.userId, ...others], 'owner');
      return { conversation: await this.view(tx, viewer, conversation.id), isNew: true };
    });
  }

  #newConversation(
    viewer: Viewer,
    given: Pick<ConversationEntity, 'type' | 'memberCount'> & Partial<ConversationEntity>,
  ): ConversationEntity {
    const now = this.clock.now();
    return {
      tenantId: viewer.tenantId,
      id: newId(),
      name: null,
      description: null,
      avatarUrl: null,
      directKey: null,
      createdBy: viewer.userId,
      createdAt: now,
      updatedAt: now,
      lastSeq: 0,
      rev: 0,
      lastActivityAt: now,
      permissions: {},
      historyVisibility: 'all',
      joinPolicy: 'invite',
      slowModeSeconds: 0,
      messageTtl: null,
      newestVisibleFrom: 1,
      deletedAt: null,
      ...given,
    };
  }

  /** Seats the people a conversation begins with; the first of them gets `firstRole`. */
  async #begin(tx: Tx, conversation: ConversationEntity, userIds: readonly string[], firstRole: Role) {
    const revs = await this.inboxes.bump(tx, conversation.tenantId, userIds);
    const participants = userIds.map((userId, index): ParticipantEntity => {
      const role = index === 0 ? firstRole : 'member';
      return {
        tenantId: conversation.tenantId,
        conversationId: conversation.id,
        userId,
        role,
        joinedAt: conversation.createdAt,
        leftAt: null,
        lastReadSeq: 0,
        lastDeliveredSeq: 0,
        mayPost: mayDo({ ...conversation, role }, 'post'),
        silencedUntil: null,
        nextPostAt: null,
        visibleFromSeq: 1,
        sharedReadSeq: 0,
        mutedUntil: null,
        isPinned: false,
        isArchived: false,
        isMarkedUnread: false,
        draft: null,
        inboxRev: revs.get(userId) ?? 0,
      };
    });
    await this.conversations.insertParticipants(tx, participants);
    // After a failure whose outcome may be unknown, the table decides who receives the conversation.
    tx.afterRollback(() => this.realtime.lookAgain(userIds));
    const members = participants.map(({ userId, inboxRev }) => ({ userId, inboxRev }));
    this.events.emit(tx, 'conversation.begun', { conversationId: conversation.id, members });
  }
}
