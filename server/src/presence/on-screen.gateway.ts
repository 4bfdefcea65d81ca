import { Injectable } from '@nestjs/common';
import type { AckData, ClientPayload } from '@parley/protocol';
import { Access } from '../platform/http/access.js';
import type { Connection } from '../platform/realtime/connection.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { OnScreenService } from './on-screen.service.js';

/** What one socket has on screen. */
@Injectable()
export class OnScreenGateway {
  constructor(private readonly screen: OnScreenService) {}

  @OnClientEvent('join_conversation')
  @Access('signed-in')
  join(
    viewer: Viewer,
    input: ClientPayload<'join_conversation'>,
    connection: Connection,
  ): Promise<AckData<'join_conversation'>> {
    return this.screen.join(viewer, input, connection);
  }

  @OnClientEvent('leave_conversation')
  @Access('signed-in')
  async leave(
    _viewer: Viewer,
    input: ClientPayload<'leave_conversation'>,
    connection: Connection,
  ): Promise<AckData<'leave_conversation'>> {
    this.screen.leave(input, connection);
    return {};
  }

  @OnClientEvent('typing')
  @Access('signed-in')
  async typing(viewer: Viewer, input: ClientPayload<'typing'>, connection: Connection): Promise<AckData<'typing'>> {
    await this.screen.type(viewer, input, connection);
    return {};
  }
}
