import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HistoryQuery, Id, Message, MessagePage, SendMessage } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { MessagesService } from './messages.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@Controller('messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post()
  @Access('signed-in')
  @Answers(201, Message, 'The message, on disk')
  @ApiResponse({ status: 200, description: 'The message first sent under this id', standardSchema: Message })
  async send(
    @CurrentViewer() viewer: Viewer,
    @Body({ schema: SendMessage }) input: SendMessage,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    const { message, isNew } = await this.messages.send(viewer, input);
    if (!isNew) reply.status(200);
    return message;
  }

  @Get(':conversationId')
  @Access('signed-in')
  @Answers(200, MessagePage)
  history(
    @CurrentViewer() viewer: Viewer,
    @Param('conversationId', { schema: Id }) conversationId: string,
    @Query({ schema: HistoryQuery }) query: HistoryQuery,
  ): Promise<MessagePage> {
    return this.messages.history(viewer, conversationId, query);
  }
}
