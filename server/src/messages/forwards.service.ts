import { Injectable } from '@nestjs/common';
import type { ForwardMessage, ForwardOrigin, Message } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import { Database } from '../platform/database/database.js';
import type { Viewer } from '../platform/viewer.js';
import type { MessageRow } from '../timeline/index.js';
import type { Content } from './composer.js';
import { MessageAccess } from './message-access.js';
import { MessagesService } from './messages.service.js';

/** Passing a message on into another conversation, or the same. */
@Injectable()
export class ForwardsService {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly messages: MessagesService,
  ) {}

  /** The viewer must see the message here, and may write there; both answer as reading and writing do. */
  async forward(
    viewer: Viewer,
    messageId: string,
    target: ForwardMessage,
  ): Promise<{ message: Message; isNew: boolean }> {
    // A repeat is answered with the first message, whatever has become of what that passed on.
    const sent = await this.messages.findSent(viewer, target);
    if (sent) return { message: sent, isNew: false };
    return this.messages.pass(viewer, target, await this.#read(viewer, messageId));
  }

  #read(viewer: Viewer, messageId: string): Promise<Content> {
    return this.database.read(async (tx) => {
      const found = await this.access.require(tx, viewer, messageId);
      const { messageType, content, metadata } = found.row;
      if (this.access.isGone(found)) throw new AppError('message_deleted');
      // What the server says of one conversation is not true of another; a poll lives on votes that stay behind.
      if (messageType === 'system' || messageType === 'poll') throw new AppError('not_forwardable');
      return { messageType, content, metadata, facts: { forwardedFrom: originOf(found.row) } };
    });
  }
}

/** Who wrote it first stays who wrote it first, however often it is passed on. */
const originOf = ({ forwardedFrom, senderId, createdAt }: MessageRow): ForwardOrigin =>
  forwardedFrom
    ? { ...forwardedFrom, hops: forwardedFrom.hops + 1 }
    : { senderId, createdAt: createdAt.toISOString(), hops: 1 };
