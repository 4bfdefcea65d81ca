import { Injectable } from '@nestjs/common';
import type { ClientPayload, Sent } from '@parley/protocol';
import { Access } from '../platform/http/access.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { MessagesService } from './messages.service.js';

/** The socket's side of messages: the same services as over REST. */
@Injectable()
export class MessagesGateway {
  constructor(private readonly messages: MessagesService) {}

  @OnClientEvent('send_message')
  @Access('signed-in')
  send(viewer: Viewer, input: ClientPayload<'send_message'>): Promise<Sent> {
    return this.messages.sendForAck(viewer, input);
  }
}
