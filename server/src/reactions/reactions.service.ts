import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  Emoji,
  EMOJIS_PER_MESSAGE,
  type Message,
  type Page,
  type ReactEvent,
  type Reactor,
  type ReactorQuery,
} from '@parley/protocol';
import { MessageAccess, MessageChanges } from '../messages/index.js';
import { AppError } from '../platform/app-error.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Limits } from '../platform/limits/limits.js';
import { decodeCursor, SortTime, toPage } from '../platform/pagination.js';
import type { Viewer } from '../platform/viewer.js';
import { toUser } from '../users/index.js';
import { ReactionsRepository } from './reactions.repository.js';

const ListCursor = z.tuple([SortTime, Emoji, z.guid()]);

/** Emojis under messages: each person may use many, each of them once. */
@Injectable()
export class ReactionsService {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly reactions: ReactionsRepository,
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  /** Adds or takes back a reaction; what is so already is no change. */
  async react(viewer: Viewer, { messageId, emoji, remove }: ReactEvent): Promise<Message> {
    await this.limits.take('change', viewer.userId);
    return this.database.transaction(async (tx) => {
      const found = await this.access.hold(tx, viewer, messageId, 'post');
      const { seat, row } = found;
      const isChanged = remove
        ? await this.reactions.remove(tx, row, emoji, viewer.userId)
        : await this.reactions.add(tx, row, {
            tenantId: seat.tenantId,
            userId: viewer.userId,
            emoji,
            reactedAt: this.clock.now(),
          });
      if (!isChanged) return this.changes.none(tx, found);
      const reactions = await this.reactions.summarise(tx, row);
      if (reactions.length > EMOJIS_PER_MESSAGE) throw new AppError('too_many_reactions');
      return this.changes.make(tx, found, { reactions: reactions.length > 0 ? reactions : null });
    });
  }

  async list(viewer: Viewer, messageId: string, query: ReactorQuery): Promise<Page<Reactor>> {
    const cursor = decodeCursor(ListCursor, query.cursor);
    return this.database.read(async (tx) => {
      const { row } = await this.access.require(tx, viewer, messageId);
      const rows = await this.reactions.listReactors(tx, row, {
        emoji: query.emoji ?? null,
        limit: query.limit + 1,
        after: cursor && { reactedAt: cursor[0], emoji: cursor[1], userId: cursor[2] },
      });
      return toPage(rows, query.limit, {
        item: (reactor) => ({
          emoji: reactor.emoji,
          user: toUser(reactor),
          reactedAt: reactor.reactedAt.toISOString(),
        }),
        key: (reactor) => [reactor.reactedAt.toISOString(), reactor.emoji, reactor.id],
      });
    });
  }
}
