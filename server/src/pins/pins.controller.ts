import { Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Id, Message, MessageList } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { PinsService } from './pins.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@Controller()
export class PinsController {
  constructor(private readonly pins: PinsService) {}

  @Put('messages/:id/pin')
  @Access('signed-in')
  @Answers(200, Message)
  pin(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) messageId: string): Promise<Message> {
    return this.pins.pin(viewer, messageId);
  }

  @Delete('messages/:id/pin')
  @Access('signed-in')
  @Answers(200, Message)
  unpin(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) messageId: string): Promise<Message> {
    return this.pins.unpin(viewer, messageId);
  }

  @Get('conversations/:id/pins')
  @Access('signed-in')
  @Answers(200, MessageList)
  async list(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) conversationId: string,
  ): Promise<MessageList> {
    return { items: await this.pins.list(viewer, conversationId) };
  }
}
