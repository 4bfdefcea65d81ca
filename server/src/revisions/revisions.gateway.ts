import { Injectable } from '@nestjs/common';
import type { Changed, ClientPayload } from '@parley/protocol';
import { Access } from '../platform/http/access.js';
import { OnClientEvent } from '../platform/realtime/on-client-event.js';
import type { Viewer } from '../platform/viewer.js';
import { DeletionsService } from './deletions.service.js';
import { EditsService } from './edits.service.js';

/** The socket's side of edits and deletions. */
@Injectable()
export class RevisionsGateway {
  constructor(
    private readonly edits: EditsService,
    private readonly deletions: DeletionsService,
  ) {}

  @OnClientEvent('edit_message')
  @Access('signed-in')
  async edit(viewer: Viewer, { messageId, content }: ClientPayload<'edit_message'>): Promise<Changed> {
    const { seq, rev } = await this.edits.edit(viewer, messageId, content);
    return { seq, rev };
  }

  @OnClientEvent('delete_message')
  @Access('signed-in')
  remove(viewer: Viewer, input: ClientPayload<'delete_message'>): Promise<Changed> {
    return this.deletions.remove(viewer, input.messageId, input.for);
  }
}
