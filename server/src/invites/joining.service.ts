import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JoinConversation, JoinRequest, JoinResult, Page, PageQuery, Participant } from '@parley/protocol';
import { type ConversationEntity, ConversationsRepository, ConversationsService } from '../conversations/index.js';
import { ParticipantsService, SeatingService } from '../participants/index.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import type { Viewer } from '../platform/viewer.js';
import { toUser, UsersService } from '../users/index.js';
import { InvitesRepository, type OpenInvite } from './invites.repository.js';
import { InvitesService } from './invites.service.js';
import { JoinRequestsRepository } from './join-requests.repository.js';

const ListCursor = z.tuple([SortTime, z.guid()]);

/** Coming in by oneself: with an invite, where it is open to all, or by asking to be let in. */
@Injectable()
export class JoiningService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly participants: ParticipantsService,
    private readonly seating: SeatingService,
    private readonly invites: InvitesService,
    private readonly uses: InvitesRepository,
    private readonly requests: JoinRequestsRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** Who is in already stays so; where somebody has to let the caller in, what is stored is that they have asked. */
  join(viewer: Viewer, conversationId: string, { code }: JoinConversation): Promise<JoinResult> {
    return this.database.transaction(async (tx) => {
      if (await this.#isMember(tx, viewer, conversationId)) return this.#joined(tx, viewer, conversationId);
      // Nobody can hold the lock of a conversation by asking for it: first the right to come in is shown, then it counts.
      const found = await this.conversations.find(tx, viewer.tenantId, conversationId);
      await this.#requireWay(tx, viewer, found, code);
      const conversation = await this.conversations.findLocked(tx, viewer.tenantId, conversationId);
      if (await this.#isMember(tx, viewer, conversationId)) return this.#joined(tx, viewer, conversationId);
      const way = await this.#requireWay(tx, viewer, conversation, code);
      await this.invites.requireNotBanned(tx, viewer, conversationId);
      return this.#comeIn(tx, viewer, way.conversation, way.invite);
    });
  }

  async listRequests(viewer: Viewer, conversationId: string, page: PageQuery): Promise<Page<JoinRequest>> {
    const cursor = decodeCursor(ListCursor, page.cursor);
    const after = cursor && { requestedAt: cursor[0], id: cursor[1] };
    return this.database.read(async (tx) => {
      await this.access.requireGroupSeat(tx, viewer, conversationId, 'invite');
      const rows = await this.requests.list(tx, conversationId, { limit: page.limit + 1, after });
      return toPage(rows, page.limit, {
        item: (row) => ({ user: toUser(row), requestedAt: row.requestedAt.toISOString(), inviteId: row.inviteId }),
        key: (row) => [row.requestedAt.toISOString(), row.id],
      });
    });
  }

  approve(viewer: Viewer, conversationId: string, userId: string): Promise<Participant> {
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'invite');
      await this.#take(tx, viewer, conversationId, userId);
      const [applicant] = await this.users.holdActive(tx, viewer, [userId]);
      if (!applicant) throw new AppError('not_found');
      await this.#admit(tx, seat, userId, viewer.userId);
      return this.participants.requireShown(tx, viewer, conversationId, userId);
    });
  }

  /** Declines a request, or withdraws one's own. */
  decline(viewer: Viewer, conversationId: string, userId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      if (userId !== viewer.userId) await this.access.requireGroupSeat(tx, viewer, conversationId, 'invite');
      const { inviteId } = await this.#take(tx, viewer, conversationId, userId);
      // Else one person who asks and withdraws could use up an invite that others hold.
      if (inviteId !== null) await this.uses.giveBack(tx, inviteId);
    });
  }

  async #take(tx: Tx, viewer: Viewer, conversationId: string, userId: string) {
    const request = await this.requests.take(tx, viewer.tenantId, conversationId, userId);
    if (!request) throw new AppError('not_found');
    return request;
  }

  async #isMember(tx: Tx, viewer: Viewer, conversationId: string): Promise<boolean> {
    const seat = await this.conversations.findSeat(tx, viewer.tenantId, conversationId, viewer.userId);
    if (seat?.type === 'direct') throw new AppError('direct_conversation');
    return seat !== null;
  }

  /** What lets the viewer into the conversation: an invite of it, or that it is open. */
  async #requireWay(tx: Tx, viewer: Viewer, conversation: ConversationEntity | null, code: string | undefined) {
    const invite = code === undefined ? null : await this.invites.require(tx, viewer, code);
    const isWay = invite ? invite.conversationId === conversation?.id : conversation?.joinPolicy === 'open';
    if (!conversation || conversation.type === 'direct' || !isWay) throw new AppError('not_found');
    return { conversation, invite };
  }

  async #comeIn(
    tx: Tx,
    viewer: Viewer,
    conversation: ConversationEntity,
    invite: OpenInvite | null,
  ): Promise<JoinResult> {
    const { tenantId, userId } = viewer;
    const requestedAt = this.clock.now();
    const isRequest = conversation.joinPolicy === 'approval' || invite?.requiresApproval === true;
    const requested: JoinResult = { status: 'requested', conversation: null };
    const pending = await this.requests.findPending(tx, conversation.id, userId);
    if (isRequest && pending) return requested;
    // Who has asked with this invite, and need not any more, has taken a use of it already.
    const takesUse = invite !== null && invite.id !== pending?.inviteId;
    if (takesUse && !(await this.uses.redeem(tx, invite.id, requestedAt))) throw new AppError('not_found');
    if (isRequest) {
      const inviteId = invite?.id ?? null;
      await this.requests.put(tx, { tenantId, conversationId: conversation.id, userId, inviteId, requestedAt });
      return requested;
    }
    const [self] = await this.users.holdActive(tx, viewer, [userId]);
    if (!self) throw new AppError('session_ended');
    await this.#admit(tx, conversation, userId, userId);
    return this.#joined(tx, viewer, conversation.id);
  }

  #admit(tx: Tx, conversation: ConversationEntity, userId: string, actorId: string): Promise<void> {
    const metadata = { event: 'participant_joined' as const, userId };
    return this.seating.admit(tx, conversation, [userId], { actorId, metadata });
  }

  async #joined(tx: Tx, viewer: Viewer, conversationId: string): Promise<JoinResult> {
    return { status: 'joined', conversation: await this.access.view(tx, viewer, conversationId) };
  }
}
