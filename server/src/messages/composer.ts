import { Injectable } from '@nestjs/common';
import { PollMetadata, type PollState, type SendMessage } from '@parley/protocol';
import { ConversationsService, type SeatRow } from '../conversations/index.js';
import { MentionsService } from '../mentions/index.js';
import { invalid } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { Viewer } from '../platform/viewer.js';
import { type Draft, type Facts, TimelineRepository } from '../timeline/index.js';

/** What a message says, wherever it is sent. */
export type Content = Pick<Draft, 'messageType' | 'content' | 'metadata' | 'facts'>;

/** Finds out what a message has beyond its text: what it answers, whom it means, how its poll begins. */
@Injectable()
export class Composer {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly timeline: TimelineRepository,
    private readonly mentions: MentionsService,
  ) {}

  /** The content where nothing has to be looked up for it, which is the usual case; null where something has. */
  composeAtOnce(input: SendMessage): Content | null {
    if (input.replyToId !== undefined || this.#textWithNames(input) !== null) return null;
    if (input.messageType === 'poll') return { ...contentOf(input), facts: { poll: newPoll(input) } };
    // Field by field, as on the rest of this path.
    const { messageType, content, metadata } = input;
    return { messageType, content: content ?? null, metadata: metadata ?? null, facts: null };
  }

  compose(viewer: Viewer, input: SendMessage): Promise<Content> {
    return this.database.read(async (tx) => {
      const seat = await this.conversations.requireSeat(tx, viewer, input.conversationId);
      const text = this.#textWithNames(input);
      const mentions = text === null ? [] : await this.mentions.in(tx, seat, text);
      const facts: Facts = {
        ...(input.replyToId !== undefined && (await this.#reply(tx, viewer, seat, input))),
        ...(mentions.length > 0 && { mentions }),
        ...(input.messageType === 'poll' && { poll: newPoll(input) }),
      };
      return { ...contentOf(input), facts };
    });
  }

  /** Only what the sender can see in the same conversation can be answered. */
  async #reply(tx: Tx, viewer: Viewer, seat: SeatRow, input: SendMessage): Promise<Facts> {
    const row = await this.timeline.findById(tx, viewer, input.replyToId ?? '');
    const isVisible =
      row?.conversationId === seat.id &&
      row.seq >= seat.visibleFromSeq &&
      row.deletedAt === null &&
      !row.isHidden &&
      !this.timeline.isDue(row);
    if (isVisible) return { replyToSeq: row.seq, threadSeq: row.threadSeq ?? row.seq };
    // A repeat is answered with the first message, whatever has become of what that answered.
    const { conversationId, clientMessageId } = input;
    const isRepeat =
      clientMessageId !== undefined &&
      (await this.timeline.findSent(tx, { conversationId, senderId: viewer.userId, clientMessageId })) !== null;
    if (isRepeat) return {};
    throw invalid('replyToId', 'must be a message of this conversation that you can see');
  }

  #textWithNames({ messageType, content }: SendMessage): string | null {
    return messageType === 'text' && content !== undefined && this.mentions.isPossibleIn(content) ? content : null;
  }
}

/** A poll is stored with all its settings, and with its closing time in the form by which it can be found. */
function contentOf({ messageType, content, metadata }: SendMessage): Omit<Content, 'facts'> {
  const said = { messageType, content: content ?? null, metadata: metadata ?? null };
  if (messageType !== 'poll') return said;
  const { closesAt, ...poll } = PollMetadata.parse(metadata);
  return { ...said, metadata: { ...poll, ...(closesAt && { closesAt: new Date(closesAt).toISOString() }) } };
}

function newPoll({ metadata }: SendMessage): PollState {
  const { options } = PollMetadata.parse(metadata);
  return { counts: options.map(() => 0), userIds: options.map((): string[] => []), voters: 0, closedAt: null };
}
