import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { CreateInvite, Invite, InvitePreview, Page, PageQuery } from '@parley/protocol';
import { CONFIG, type Config } from '../config.js';
import { ConversationsRepository, ConversationsService } from '../conversations/index.js';
import { BansRepository } from '../participants/index.js';
import { AppError, invalid } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import { SignedIds } from '../platform/signed-ids.js';
import type { Viewer } from '../platform/viewer.js';
import type { InviteEntity } from './invite.entity.js';
import { InvitesRepository, type OpenInvite } from './invites.repository.js';

const ListCursor = z.tuple([SortTime, z.guid()]);

/** Invites: made, listed and revoked by those who may, looked at by who holds one. */
@Injectable()
export class InvitesService {
  readonly #codes: SignedIds;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly invites: InvitesRepository,
    private readonly bans: BansRepository,
    private readonly clock: Clock,
  ) {
    this.#codes = new SignedIds(config.JWT_SECRET ?? '', 'invites');
  }

  create(viewer: Viewer, conversationId: string, input: CreateInvite): Promise<Invite> {
    const now = this.clock.now();
    const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt);
    if (expiresAt && expiresAt <= now) throw invalid('expiresAt', 'must lie in the future');
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'invite');
      const invite: InviteEntity = {
        tenantId: seat.tenantId,
        id: newId(),
        conversationId,
        createdBy: viewer.userId,
        createdAt: now,
        expiresAt,
        maxUses: input.maxUses ?? null,
        uses: 0,
        requiresApproval: input.requiresApproval,
        revokedAt: null,
      };
      await this.invites.insert(tx, invite);
      return this.#toInvite(invite);
    });
  }

  async list(viewer: Viewer, conversationId: string, page: PageQuery): Promise<Page<Invite>> {
    const cursor = decodeCursor(ListCursor, page.cursor);
    const after = cursor && { createdAt: cursor[0], id: cursor[1] };
    return this.database.read(async (tx) => {
      await this.access.requireGroupSeat(tx, viewer, conversationId, 'invite');
      const rows = await this.invites.list(tx, conversationId, { limit: page.limit + 1, after });
      return toPage(rows, page.limit, {
        item: (row) => this.#toInvite(row),
        key: (row) => [row.createdAt.toISOString(), row.id],
      });
    });
  }

  revoke(viewer: Viewer, conversationId: string, inviteId: string): Promise<void> {
    return this.access.change(viewer, conversationId, async (tx) => {
      await this.access.requireGroupSeat(tx, viewer, conversationId, 'invite');
      const isDone = await this.invites.revoke(tx, conversationId, inviteId, this.clock.now());
      if (!isDone) throw new AppError('not_found');
    });
  }

  preview(viewer: Viewer, code: string): Promise<InvitePreview> {
    return this.database.read(async (tx) => {
      const { id: _, ...shown } = await this.require(tx, viewer, code);
      const { conversationId } = shown;
      await this.requireNotBanned(tx, viewer, conversationId);
      const seat = await this.conversations.findSeat(tx, viewer.tenantId, conversationId, viewer.userId);
      return { ...shown, isMember: seat !== null };
    });
  }

  /** The invite of a code, if it can be used now. Every code that cannot is answered alike, whatever the reason. */
  async require(tx: Tx, viewer: Viewer, code: string): Promise<OpenInvite> {
    const id = this.#codes.read(code);
    const invite = id && (await this.invites.findOpen(tx, viewer, id, this.clock.now()));
    if (!invite) throw new AppError('not_found');
    return invite;
  }

  async requireNotBanned(tx: Tx, viewer: Viewer, conversationId: string): Promise<void> {
    if ((await this.bans.among(tx, conversationId, [viewer.userId])).size > 0) throw new AppError('banned');
  }

  #toInvite(row: InviteEntity): Invite {
    return {
      id: row.id,
      code: this.#codes.sign(row.id),
      createdBy: row.createdBy,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt?.toISOString() ?? null,
      maxUses: row.maxUses,
      uses: row.uses,
      requiresApproval: row.requiresApproval,
    };
  }
}
