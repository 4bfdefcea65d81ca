import { Injectable } from '@nestjs/common';
import type { ClientPayload, ReadMark, Sent } from '@parley/protocol';
import { ReadMarksService } from '../conversations/index.js';
import { Access } from '../platform/http/access.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { MessagesService } from './messages.service.js';

/** The socket's side of messages: the same services as over REST. */
@Injectable()
export class MessagesGateway {
  constructor(
    private readonly messages: MessagesService,
    private readonly readMarks: ReadMarksService,
  ) {}

  @OnClientEvent('send_message')
  @Access('signed-in')
  send(viewer: Viewer, input: ClientPayload<'send_message'>): Promise<Sent> {
    return this.messages.sendForAck(viewer, input);
  }

  @OnClientEvent('mark_read')
  @Access('signed-in')
  markRead(viewer: Viewer, input: ClientPayload<'mark_read'>): Promise<ReadMark> {
    return this.readMarks.markRead(viewer, input);
  }
}
