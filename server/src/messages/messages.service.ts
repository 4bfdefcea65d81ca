import { Inject, Injectable } from '@nestjs/common';
import type { HistoryQuery, Message, MessagePage, SendMessage, Sent, Thread, ThreadQuery } from '@parley/protocol';
import { CONFIG, type Config } from '../config.js';
import { ConversationsService, sightOf } from '../conversations/index.js';
import { AppError } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import { newId } from '../platform/ids.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { type Appended, Appender, TimelineRepository } from '../timeline/index.js';
import { Composer, type Content } from './composer.js';
import { stretchOf } from './history.rules.js';
import { MessageAccess } from './message-access.js';
import { requireFitting } from './text-length.js';
import { Turns } from './turns.js';

/** Where a message goes, and under which key it can be repeated. */
type Target = Pick<SendMessage, 'conversationId' | 'clientMessageId'>;

/** Sending and reading. The right to send is checked by the statement that writes. */
@Injectable()
export class MessagesService {
  readonly #turns = new Turns();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly timeline: TimelineRepository,
    private readonly access: MessageAccess,
    private readonly composer: Composer,
    private readonly appender: Appender,
    private readonly limits: Limits,
  ) {}

  /** Stores a message, or finds the one first stored under the same client message id. */
  async send(viewer: Viewer, input: SendMessage): Promise<{ message: Message; isNew: boolean }> {
    return this.#answer(viewer, input, await this.#send(viewer, input));
  }

  /** As `send`, answered with what a socket is told. */
  async sendForAck(viewer: Viewer, input: SendMessage & { clientMessageId: string }): Promise<Sent> {
    const { clientMessageId } = input;
    const appended = await this.#send(viewer, input);
    if (appended.repeated) {
      const { id, seq, rev, createdAt } = appended;
      return { id, clientMessageId, seq, rev, createdAt: createdAt.toISOString() };
    }
    const { id, seq, rev, createdAt } = appended.message;
    return { id, clientMessageId, seq, rev, createdAt };
  }

  /** The message that the viewer has sent under this key before, if there is one. */
  async findSent(viewer: Viewer, { conversationId, clientMessageId }: Target): Promise<Message | null> {
    if (clientMessageId === undefined) return null;
    return this.database.read(async (tx) => {
      const seat = await this.conversations.requireSeat(tx, viewer, conversationId);
      const seq = await this.timeline.findSent(tx, { conversationId, senderId: viewer.userId, clientMessageId });
      const [message] = seq === null ? [] : await this.timeline.at(tx, [{ ...sightOf(seat), seq }]);
      return message ?? null;
    });
  }

  /** As `send`, for content that was not written by the viewer. */
  async pass(viewer: Viewer, target: Target, content: Content): Promise<{ message: Message; isNew: boolean }> {
    await this.limits.take('send', viewer.userId);
    return this.#answer(viewer, target, await this.#append(viewer, target, content));
  }

  history(viewer: Viewer, conversationId: string, query: HistoryQuery): Promise<MessagePage> {
    return this.database.read(async (tx) => {
      const seat = await this.conversations.requireSeat(tx, viewer, conversationId);
      const { from, to } = stretchOf(query, { first: seat.visibleFromSeq, last: seat.lastSeq });
      const items = from <= to ? await this.timeline.range(tx, sightOf(seat), from, to) : [];
      return { items, hasMoreBefore: from > seat.visibleFromSeq, hasMoreAfter: to < seat.lastSeq };
    });
  }

  /** The thread a message belongs to, for who can see the message that began it. */
  thread(viewer: Viewer, messageId: string, { after, limit }: ThreadQuery): Promise<Thread> {
    return this.database.read(async (tx) => {
      const { seat, row } = await this.access.require(tx, viewer, messageId);
      const sight = sightOf(seat);
      const rootSeq = row.threadSeq ?? row.seq;
      const [root] = await this.timeline.at(tx, [{ ...sight, seq: rootSeq }]);
      if (!root || root.isHidden) throw new AppError('not_found');
      const found = await this.timeline.thread(tx, sight, rootSeq, { after, limit: limit + 1 });
      const replyCount = await this.timeline.countReplies(tx, seat.id, rootSeq);
      return { root, items: found.slice(0, limit), replyCount, hasMoreAfter: found.length > limit };
    });
  }

  async #send(viewer: Viewer, input: SendMessage): Promise<Appended> {
    requireFitting(input.content ?? null, this.config.MAX_TEXT_LENGTH);
    await this.limits.take('send', viewer.userId);
    const content = this.composer.composeAtOnce(input);
    if (content && !this.#turns.isTaken(viewer.userId)) return this.#append(viewer, input, content);
    const prepared = content ? Promise.resolve(content) : this.composer.compose(viewer, input);
    return this.#turns.take(viewer.userId, prepared, (composed) => this.#append(viewer, input, composed));
  }

  #append(viewer: Viewer, { conversationId, clientMessageId }: Target, content: Content): Promise<Appended> {
    return this.appender.append({
      id: newId(),
      conversationId,
      senderId: viewer.userId,
      clientMessageId: clientMessageId ?? null,
      messageType: content.messageType,
      content: content.content,
      metadata: content.metadata,
      facts: content.facts,
    });
  }

  async #answer(viewer: Viewer, { conversationId }: Target, appended: Appended) {
    if (!appended.repeated) return { message: appended.message, isNew: true };
    const [message] = await this.database.read(async (tx) => {
      const seat = await this.conversations.requireSeat(tx, viewer, conversationId);
      return this.timeline.at(tx, [{ ...sightOf(seat), seq: appended.seq }]);
    });
    if (!message) throw new AppError('not_found');
    return { message, isNew: false };
  }
}
