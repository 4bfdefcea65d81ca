import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Id, Message, OwnVote, Vote } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { PollsService } from './polls.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@Controller('messages/:id')
export class PollsController {
  constructor(private readonly polls: PollsService) {}

  @Get('vote')
  @Access('signed-in')
  @Answers(200, OwnVote)
  async ownVote(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) messageId: string): Promise<OwnVote> {
    return { options: await this.polls.ownVote(viewer, messageId) };
  }

  @Put('vote')
  @Access('signed-in')
  @Answers(200, Message)
  vote(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) messageId: string,
    @Body({ schema: Vote }) { options }: Vote,
  ): Promise<Message> {
    return this.polls.vote(viewer, messageId, options);
  }

  @Post('poll/close')
  @Access('signed-in')
  @Answers(200, Message)
  close(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) messageId: string): Promise<Message> {
    return this.polls.close(viewer, messageId);
  }
}
