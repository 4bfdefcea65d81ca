import { Injectable } from '@nestjs/common';
import type { Conversation, HiddenMessage, Message, SyncedMessages, SyncRequest, SyncResult } from '@parley/protocol';
import { ConversationsRepository, ConversationViews, InboxesRepository } from '../conversations/index.js';
import { AppError } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { type MessageRow, TimelineRepository } from '../timeline/index.js';
import { SyncRepository } from './sync.repository.js';
import { MOST_MESSAGES, MOST_OF_ONE, planSync, type Stretch } from './sync.rules.js';

/**
 * What a client has missed. Every change of a conversation has a number in `rev` and every change of a person's own
 * things one in `inboxRev`, both given out under a lock that is held until the commit: so "all up to n" has no holes, and
 * what commits late has a number behind every cursor that was given out before.
 */
@Injectable()
export class SyncService {
  constructor(
    private readonly database: Database,
    private readonly repository: SyncRepository,
    private readonly conversations: ConversationsRepository,
    private readonly inboxes: InboxesRepository,
    private readonly views: ConversationViews,
    private readonly timeline: TimelineRepository,
    private readonly limits: Limits,
  ) {}

  async sync(viewer: Viewer, request: SyncRequest): Promise<SyncResult> {
    await this.limits.take('sync', viewer.userId);
    return this.database.snapshot(async (tx) => {
      const rev = await this.inboxes.revOf(tx, viewer.tenantId, viewer.userId);
      const known = request.inboxRev ?? 0;
      if (known > rev) throw new AppError('resync_required');
      const hidden = await this.#hidden(tx, viewer, request, rev);
      const standings = await this.repository.listStandings(tx, viewer);
      const plan = planSync(standings, new Map(Object.entries(request.conversations)), { known, rev: hidden.upTo });
      const messages = await this.#messages(tx, viewer, plan.stretches);
      return {
        inboxRev: plan.inboxRev,
        conversations: await this.#show(tx, viewer, plan.shown),
        removed: [...plan.removed],
        resync: [...plan.resync],
        hidden: hidden.items,
        messages,
        more: plan.more || hidden.upTo < rev || Object.values(messages).some(({ hasMore }) => hasMore),
      };
    });
  }

  /** What was deleted for oneself, and up to where of the inbox that is all. */
  async #hidden(
    tx: Tx,
    viewer: Viewer,
    { inboxRev }: SyncRequest,
    rev: number,
  ): Promise<{ items: HiddenMessage[]; upTo: number }> {
    // Who starts has no messages yet that could be hidden: those that come say so themselves.
    if (inboxRev === undefined) return { items: [], upTo: rev };
    const rows = await this.repository.listHidden(tx, viewer, inboxRev, MOST_MESSAGES);
    const isAll = rows.length < MOST_MESSAGES;
    return {
      items: rows.map(({ conversationId, seq }) => ({ conversationId, seq })),
      upTo: isAll ? rev : (rows.at(-1)?.inboxRev ?? rev),
    };
  }

  async #messages(tx: Tx, viewer: Viewer, stretches: readonly Stretch[]): Promise<Record<string, SyncedMessages>> {
    const changed = await this.#shown(
      tx,
      stretches,
      await this.repository.listChanged(tx, viewer, stretches, MOST_OF_ONE + 1),
    );
    const added = await this.#shown(tx, stretches, await this.repository.listNew(tx, viewer, stretches));
    return Object.fromEntries(
      stretches.map((stretch) => {
        const { id } = stretch.standing;
        return [id, answerOf(stretch, changed.get(id) ?? [], added.get(id) ?? [])];
      }),
    );
  }

  /** Rows as the viewer sees them, by conversation. */
  async #shown(
    tx: Tx,
    stretches: readonly Stretch[],
    rows: readonly MessageRow[],
  ): Promise<ReadonlyMap<string, Message[]>> {
    const visibleFrom = new Map(stretches.map(({ standing }) => [standing.id, standing.visibleFromSeq]));
    const messages = await this.timeline.show(tx, rows, (row) => visibleFrom.get(row.conversationId) ?? 1);
    const byConversation = new Map<string, Message[]>(stretches.map(({ standing }) => [standing.id, []]));
    for (const message of messages) byConversation.get(message.conversationId)?.push(message);
    return byConversation;
  }

  async #show(tx: Tx, viewer: Viewer, ids: readonly string[]): Promise<Conversation[]> {
    if (ids.length === 0) return [];
    return this.views.of(tx, await this.conversations.findSeatsOf(tx, viewer, ids));
  }
}

/**
 * Changes of what the client has come first; only when they are all told does the cursor move on to new messages, and
 * to the conversation's `rev`.
 */
function answerOf({ standing, cursor, take }: Stretch, changed: Message[], added: Message[]): SyncedMessages {
  if (changed.length > MOST_OF_ONE) {
    const items = changed.slice(0, MOST_OF_ONE);
    return { items, seq: cursor.seq, rev: items.at(-1)?.rev ?? cursor.rev, hasMore: true };
  }
  const seq = cursor.seq + take;
  return { items: [...changed, ...added], seq, rev: standing.rev, hasMore: seq < standing.lastSeq };
}
