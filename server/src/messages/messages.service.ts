import { Inject, Injectable } from '@nestjs/common';
import type { HistoryQuery, Message, MessagePage, SendMessage, Sent } from '@parley/protocol';
import { CONFIG, type Config } from '../config.js';
import { ConversationsService, sightOf } from '../conversations/index.js';
import { AppError, invalid } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import { newId } from '../platform/ids.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { type Appended, Appender, TimelineRepository } from '../timeline/index.js';
import { stretchOf } from './history.rules.js';

/** Sending and reading. The right to send is checked by the statement that writes. */
@Injectable()
export class MessagesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly timeline: TimelineRepository,
    private readonly appender: Appender,
    private readonly limits: Limits,
  ) {}

  /** Stores a message, or finds the one first stored under the same client message id. */
  async send(viewer: Viewer, input: SendMessage): Promise<{ message: Message; isNew: boolean }> {
    const appended = await this.#append(viewer, input);
    if (!appended.repeated) return { message: appended.message, isNew: true };
    const [message] = await this.database.read(async (tx) => {
      const seat = await this.conversations.requireSeat(tx, viewer, input.conversationId);
      return this.timeline.at(tx, [{ ...sightOf(seat), seq: appended.seq }]);
    });
    if (!message) throw new AppError('not_found');
    return { message, isNew: false };
  }

  /** As `send`, answered with what a socket is told. */
  async sendForAck(viewer: Viewer, input: SendMessage & { clientMessageId: string }): Promise<Sent> {
    const { clientMessageId } = input;
    const appended = await this.#append(viewer, input);
    if (appended.repeated) {
      const { id, seq, rev, createdAt } = appended;
      return { id, clientMessageId, seq, rev, createdAt: createdAt.toISOString() };
    }
    const { id, seq, rev, createdAt } = appended.message;
    return { id, clientMessageId, seq, rev, createdAt };
  }

  history(viewer: Viewer, conversationId: string, query: HistoryQuery): Promise<MessagePage> {
    return this.database.read(async (tx) => {
      const seat = await this.conversations.requireSeat(tx, viewer, conversationId);
      const { from, to } = stretchOf(query, { first: seat.visibleFromSeq, last: seat.lastSeq });
      const items = from <= to ? await this.timeline.range(tx, sightOf(seat), from, to) : [];
      return { items, hasMoreBefore: from > seat.visibleFromSeq, hasMoreAfter: to < seat.lastSeq };
    });
  }

  async #append(viewer: Viewer, input: SendMessage): Promise<Appended> {
    const content = input.content ?? null;
    if (content !== null && content.length > this.config.MAX_TEXT_LENGTH) {
      throw invalid('content', `must be at most ${this.config.MAX_TEXT_LENGTH} characters`);
    }
    await this.limits.take('send', viewer.userId);
    return this.appender.append({
      id: newId(),
      conversationId: input.conversationId,
      senderId: viewer.userId,
      clientMessageId: input.clientMessageId ?? null,
      messageType: input.messageType,
      content,
      metadata: input.metadata ?? null,
      facts: null,
    });
  }
}
