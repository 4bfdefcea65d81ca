import { Injectable } from '@nestjs/common';
import type { Message } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import type { Tx } from '../platform/database/tx.js';
import { Events } from '../platform/events/domain-events.js';
import { asSeenFrom, type Change, TimelineRepository } from '../timeline/index.js';
import type { Found } from './message-access.js';

/** How a message that is held is changed, and what whoever changed it is answered. */
@Injectable()
export class MessageChanges {
  constructor(
    private readonly timeline: TimelineRepository,
    private readonly events: Events,
  ) {}

  /** Changes the message and tells everyone who can see it. */
  async make(tx: Tx, { seat, row }: Found, change: Change): Promise<Message> {
    const changed = await this.timeline.change(tx, row, change);
    this.events.emit(tx, 'message.changed', changed);
    return asSeenFrom(changed.message, seat.visibleFromSeq);
  }

  /** The message as it is: the answer where there was nothing to change. */
  async none(tx: Tx, { seat, row }: Found): Promise<Message> {
    const [message] = await this.timeline.show(tx, [row], () => seat.visibleFromSeq);
    if (!message) throw new AppError('not_found');
    return message;
  }
}
