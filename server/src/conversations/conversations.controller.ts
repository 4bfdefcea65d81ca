import { Body, Controller, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  Conversation,
  ConversationPage,
  CreateConversation,
  Id,
  type Page,
  PageQuery,
  UpdateConversation,
} from '@parley/protocol';
import { Access, CurrentViewer, Limit } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { ConversationsService } from './conversations.service.js';
import { SettingsService } from './settings.service.js';

@ApiTags('Conversations')
@ApiBearerAuth()
@Controller('conversations')
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly settings: SettingsService,
  ) {}

  @Get()
  @Access('signed-in')
  @Answers(200, ConversationPage)
  list(@CurrentViewer() viewer: Viewer, @Query({ schema: PageQuery }) page: PageQuery): Promise<Page<Conversation>> {
    return this.conversations.list(viewer, page);
  }

  @Post()
  @Access('signed-in')
  @Limit('create_conversation')
  @Answers(201, Conversation, 'A new conversation')
  @ApiResponse({ status: 200, description: 'The direct conversation that exists', standardSchema: Conversation })
  async create(
    @CurrentViewer() viewer: Viewer,
    @Body({ schema: CreateConversation }) input: CreateConversation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Conversation> {
    const { conversation, isNew } = await this.conversations.create(viewer, input);
    if (!isNew) reply.status(200);
    return conversation;
  }

  @Get(':id')
  @Access('signed-in')
  @Answers(200, Conversation)
  get(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) id: string): Promise<Conversation> {
    return this.conversations.get(viewer, id);
  }

  @Put(':id')
  @Access('signed-in')
  @Answers(200, Conversation)
  update(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UpdateConversation }) input: UpdateConversation,
  ): Promise<Conversation> {
    return this.settings.update(viewer, id, input);
  }
}
