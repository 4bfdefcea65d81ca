import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Id, Message, type Page, React, type Reactor, ReactorPage, ReactorQuery } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { ReactionsService } from './reactions.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@Controller('messages/:id')
export class ReactionsController {
  constructor(private readonly reactions: ReactionsService) {}

  @Post('reaction')
  @Access('signed-in')
  @Answers(200, Message)
  add(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) messageId: string,
    @Body({ schema: React }) { emoji }: React,
  ): Promise<Message> {
    return this.reactions.react(viewer, { messageId, emoji, remove: false });
  }

  @Delete('reaction')
  @Access('signed-in')
  @Answers(200, Message)
  remove(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) messageId: string,
    @Body({ schema: React }) { emoji }: React,
  ): Promise<Message> {
    return this.reactions.react(viewer, { messageId, emoji, remove: true });
  }

  @Get('reactions')
  @Access('signed-in')
  @Answers(200, ReactorPage)
  list(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) messageId: string,
    @Query({ schema: ReactorQuery }) query: ReactorQuery,
  ): Promise<Page<Reactor>> {
    return this.reactions.list(viewer, messageId, query);
  }
}
