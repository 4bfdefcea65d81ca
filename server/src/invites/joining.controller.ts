import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  Id,
  JoinConversation,
  type JoinRequest,
  JoinRequestPage,
  JoinResult,
  type Page,
  PageQuery,
  Participant,
} from '@parley/protocol';
import { Access, CurrentViewer, Limit } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { JoiningService } from './joining.service.js';

@ApiTags('Invites')
@ApiBearerAuth()
@Controller('conversations/:id')
export class JoiningController {
  constructor(private readonly joining: JoiningService) {}

  @Post('join')
  @Access('signed-in')
  @Limit('join')
  @Answers(200, JoinResult)
  join(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: JoinConversation }) input: JoinConversation,
  ): Promise<JoinResult> {
    return this.joining.join(viewer, id, input);
  }

  @Get('requests')
  @Access('signed-in')
  @Answers(200, JoinRequestPage)
  list(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) page: PageQuery,
  ): Promise<Page<JoinRequest>> {
    return this.joining.listRequests(viewer, id, page);
  }

  @Put('requests/:userId')
  @Access('signed-in')
  @Answers(200, Participant, 'Let in')
  approve(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
  ): Promise<Participant> {
    return this.joining.approve(viewer, id, userId);
  }

  @Delete('requests/:userId')
  @Access('signed-in')
  @Answers(204)
  decline(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
  ): Promise<void> {
    return this.joining.decline(viewer, id, userId);
  }
}
