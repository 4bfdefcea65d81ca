import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  ForwardMessage,
  HistoryQuery,
  Id,
  Message,
  MessagePage,
  SendMessage,
  Thread,
  ThreadQuery,
} from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { ForwardsService } from './forwards.service.js';
import { MessagesService } from './messages.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@Controller('messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly forwards: ForwardsService,
  ) {}

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

  @Get(':id/thread')
  @Access('signed-in')
  @Answers(200, Thread)
  thread(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: ThreadQuery }) query: ThreadQuery,
  ): Promise<Thread> {
    return this.messages.thread(viewer, id, query);
  }

  @Post(':id/forward')
  @Access('signed-in')
  @Answers(201, Message, 'The message in its new place, on disk')
  @ApiResponse({ status: 200, description: 'The message first sent under this id', standardSchema: Message })
  async forward(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ForwardMessage }) target: ForwardMessage,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    const { message, isNew } = await this.forwards.forward(viewer, id, target);
    if (!isNew) reply.status(200);
    return message;
  }
}
