import { Injectable } from '@nestjs/common';
import type { ClientPayload, SyncResult } from '@parley/protocol';
import { Access } from '../platform/http/access.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { SyncService } from './sync.service.js';

@Injectable()
export class SyncGateway {
  constructor(private readonly service: SyncService) {}

  @OnClientEvent('sync')
  @Access('signed-in')
  sync(viewer: Viewer, request: ClientPayload<'sync'>): Promise<SyncResult> {
    return this.service.sync(viewer, request);
  }
}
