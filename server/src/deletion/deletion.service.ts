import './deletion.events.js';
import './deletion.jobs.js';
import { Injectable } from '@nestjs/common';
import { ConversationsRepository, ConversationsService, InboxesRepository } from '../conversations/index.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Events } from '../platform/events/domain-events.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { Realtime } from '../platform/realtime/realtime.js';
import type { Viewer } from '../platform/viewer.js';
import { CONTENT_TABLES, DeletionRepository } from './deletion.repository.js';

/** The end of a group or channel: at once for all who are in it, then row by row for what was said. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly access: ConversationsService,
    private readonly inboxes: InboxesRepository,
    private readonly deletion: DeletionRepository,
    private readonly realtime: Realtime,
    private readonly outbox: Outbox,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  delete(viewer: Viewer, conversationId: string): Promise<void> {
    return this.access.change(viewer, conversationId, async (tx) => {
      const seat = await this.access.requireGroupSeat(tx, viewer, conversationId, 'deleteConversation');
      const memberIds = await this.conversations.listMemberIds(tx, conversationId);
      const revs = await this.inboxes.bump(tx, seat.tenantId, memberIds);
      const members = memberIds.map((userId) => ({ userId, inboxRev: revs.get(userId) ?? 0 }));
      await this.deletion.close(tx, conversationId, members, this.clock.now());
      await this.outbox.add(tx, 'conversation_erasure', { conversationId });
      // Before the commit: a message that waits for our lock could else be emitted before the sockets are out.
      // After a failure whose outcome may be unknown, the table decides who receives the conversation.
      tx.afterRollback(() => this.realtime.lookAgain(memberIds));
      await this.realtime.leave(members, conversationId);
      // And after it: a socket that connected in between has read that the seat is still there.
      tx.afterCommit(() => this.realtime.leave(members, conversationId));
      this.events.emit(tx, 'conversation.deleted', { conversationId, members });
    });
  }

  /** Erases what was said, in short steps; safe to run again from the beginning. */
  async erase(conversationId: string): Promise<void> {
    for (const table of CONTENT_TABLES) {
      while (await this.database.read((tx) => this.deletion.eraseSome(tx, table, conversationId)));
    }
    while (await this.database.read((tx) => this.deletion.eraseSomeHidden(tx, conversationId)));
    await this.database.transaction((tx) => this.deletion.eraseWords(tx, conversationId));
  }
}
