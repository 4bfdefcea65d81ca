import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Ban, BanPage, BanParticipant, Id, MuteParticipant, type Page, PageQuery, Participant } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { ModerationService } from './moderation.service.js';

@ApiTags('Conversations')
@ApiBearerAuth()
@Controller('conversations/:id')
export class ModerationController {
  constructor(private readonly moderation: ModerationService) {}

  @Put('participants/:userId/mute')
  @Access('signed-in')
  @Answers(200, Participant)
  mute(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @Body({ schema: MuteParticipant }) input: MuteParticipant,
  ): Promise<Participant> {
    return this.moderation.mute(viewer, id, userId, input);
  }

  @Get('bans')
  @Access('signed-in')
  @Answers(200, BanPage)
  list(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) page: PageQuery,
  ): Promise<Page<Ban>> {
    return this.moderation.list(viewer, id, page);
  }

  @Post('bans/:userId')
  @Access('signed-in')
  @Answers(201, Ban)
  ban(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @Body({ schema: BanParticipant }) input: BanParticipant,
  ): Promise<Ban> {
    return this.moderation.ban(viewer, id, userId, input);
  }

  @Delete('bans/:userId')
  @Access('signed-in')
  @Answers(204)
  lift(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
  ): Promise<void> {
    return this.moderation.lift(viewer, id, userId);
  }
}
