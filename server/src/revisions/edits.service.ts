import { Inject, Injectable } from '@nestjs/common';
import type { Message, MessageVersion } from '@parley/protocol';
import { CONFIG, type Config } from '../config.js';
import { mayDo } from '../conversations/index.js';
import { MentionsService } from '../mentions/index.js';
import { type Found, MessageAccess, MessageChanges, requireFitting } from '../messages/index.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { isPast } from './window.rules.js';
import { MessageVersionsRepository } from './message-versions.repository.js';

/** Changing one's own words, and what they were before. */
@Injectable()
export class EditsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly mentions: MentionsService,
    private readonly versions: MessageVersionsRepository,
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  async edit(viewer: Viewer, messageId: string, content: string): Promise<Message> {
    requireFitting(content, this.config.MAX_TEXT_LENGTH);
    await this.limits.take('change', viewer.userId);
    return this.database.transaction(async (tx) => {
      const found = await this.access.hold(tx, viewer, messageId, 'post');
      const { seat, row } = found;
      const before = this.#requireEditable(viewer, found);
      if (content === before) return this.changes.none(tx, found);
      const mentions = row.messageType === 'text' ? await this.mentions.in(tx, seat, content) : [];
      await this.mentions.replace(tx, seat, row, mentions);
      const writtenAt = row.editedAt ?? row.createdAt;
      await this.versions.keep(tx, row, { tenantId: seat.tenantId, content: before, writtenAt });
      const editedAt = this.clock.now();
      return this.changes.make(tx, found, { content, editedAt, mentions: mentions.length > 0 ? mentions : null });
    });
  }

  /** What a message said before, for who wrote it and for who moderates. */
  listVersions(viewer: Viewer, messageId: string): Promise<MessageVersion[]> {
    return this.database.read(async (tx) => {
      const { seat, row } = await this.access.require(tx, viewer, messageId);
      if (row.senderId !== viewer.userId && !mayDo(seat, 'moderateMessages')) throw new AppError('forbidden');
      if (this.access.isGone({ seat, row })) return [];
      const versions = await this.versions.list(tx, row);
      return versions.map(({ content, writtenAt }) => ({ content, writtenAt: writtenAt.toISOString() }));
    });
  }

  /** What the message says now, where the viewer may change that. */
  #requireEditable(viewer: Viewer, { row }: Found): string {
    if (row.senderId !== viewer.userId) throw new AppError('forbidden');
    const { messageType, content, forwardedFrom } = row;
    // A vote was given to the question as it was, and words passed on are somebody else's.
    if (messageType === 'poll' || messageType === 'system' || content === null || forwardedFrom) {
      throw new AppError('not_editable');
    }
    if (isPast(row.createdAt, this.config.EDIT_WINDOW, this.clock.now())) throw new AppError('edit_window_closed');
    return content;
  }
}
