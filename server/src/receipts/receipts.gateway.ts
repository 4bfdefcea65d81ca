import { Injectable } from '@nestjs/common';
import type { ClientPayload, DeliveredMark, ReadMark } from '@parley/protocol';
import { Access } from '../platform/http/access.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { ReceiptsService } from './receipts.service.js';

/** The socket's side of receipts: the same services as over REST. */
@Injectable()
export class ReceiptsGateway {
  constructor(private readonly receipts: ReceiptsService) {}

  @OnClientEvent('mark_read')
  @Access('signed-in')
  markRead(viewer: Viewer, input: ClientPayload<'mark_read'>): Promise<ReadMark> {
    return this.receipts.markRead(viewer, input);
  }

  @OnClientEvent('mark_delivered')
  @Access('signed-in')
  markDelivered(viewer: Viewer, input: ClientPayload<'mark_delivered'>): Promise<DeliveredMark> {
    return this.receipts.markDelivered(viewer, input);
  }
}
