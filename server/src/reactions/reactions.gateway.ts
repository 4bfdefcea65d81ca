import { Injectable } from '@nestjs/common';
import type { Changed, ClientPayload } from '@parley/protocol';
import { Access } from '../platform/http/access.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { ReactionsService } from './reactions.service.js';

/** The socket's side of reactions. */
@Injectable()
export class ReactionsGateway {
  constructor(private readonly reactions: ReactionsService) {}

  @OnClientEvent('react')
  @Access('signed-in')
  async react(viewer: Viewer, input: ClientPayload<'react'>): Promise<Changed> {
    const { seq, rev } = await this.reactions.react(viewer, input);
    return { seq, rev };
  }
}
