import { Injectable } from '@nestjs/common';
import type { AckData, ClientPayload, Status } from '@parley/protocol';
import { Access } from '../platform/http/access.js';
import type { Connection } from '../platform/realtime/connection.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { UsersService } from '../users/index.js';
import { PresenceService } from './presence.service.js';

/** Whose presence one socket follows, and what its user says of their own. */
@Injectable()
export class PresenceGateway {
  constructor(
    private readonly presence: PresenceService,
    private readonly users: UsersService,
  ) {}

  @OnClientEvent('presence_subscribe')
  @Access('signed-in')
  async subscribe(
    viewer: Viewer,
    input: ClientPayload<'presence_subscribe'>,
    connection: Connection,
  ): Promise<AckData<'presence_subscribe'>> {
    return { items: await this.presence.subscribe(viewer, input, connection) };
  }

  @OnClientEvent('presence_unsubscribe')
  @Access('signed-in')
  async unsubscribe(
    _viewer: Viewer,
    input: ClientPayload<'presence_unsubscribe'>,
    connection: Connection,
  ): Promise<AckData<'presence_unsubscribe'>> {
    this.presence.unsubscribe(input, connection);
    return {};
  }

  @OnClientEvent('set_status')
  @Access('signed-in')
  async setStatus(viewer: Viewer, input: ClientPayload<'set_status'>): Promise<Status> {
    return (await this.users.setStatus(viewer, input)).status;
  }
}
