import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  AddParticipants,
  ChangeRole,
  Id,
  type Page,
  Participant,
  ParticipantList,
  ParticipantPage,
  ParticipantQuery,
  TransferOwnership,
} from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { ParticipantsService } from './participants.service.js';

@ApiTags('Conversations')
@ApiBearerAuth()
@Controller('conversations/:id')
export class ParticipantsController {
  constructor(private readonly participants: ParticipantsService) {}

  @Get('participants')
  @Access('signed-in')
  @Answers(200, ParticipantPage)
  list(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: ParticipantQuery }) query: ParticipantQuery,
  ): Promise<Page<Participant>> {
    return this.participants.list(viewer, id, query);
  }

  @Post('participants')
  @Access('signed-in')
  @Answers(201, ParticipantList)
  async add(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AddParticipants }) input: AddParticipants,
  ): Promise<ParticipantList> {
    return { items: await this.participants.add(viewer, id, input.userIds) };
  }

  @Put('participants/:userId')
  @Access('signed-in')
  @Answers(200, Participant)
  changeRole(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @Body({ schema: ChangeRole }) input: ChangeRole,
  ): Promise<Participant> {
    return this.participants.changeRole(viewer, id, userId, input.role);
  }

  @Delete('participants/:userId')
  @Access('signed-in')
  @Answers(204)
  remove(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Param('userId', { schema: Id }) userId: string,
  ): Promise<void> {
    return this.participants.remove(viewer, id, userId);
  }

  @Post('transfer')
  @Access('signed-in')
  @Answers(200, Participant, 'The new owner')
  transfer(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: TransferOwnership }) input: TransferOwnership,
  ): Promise<Participant> {
    return this.participants.transfer(viewer, id, input.userId);
  }

  @Post('leave')
  @Access('signed-in')
  @Answers(204)
  leave(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.participants.leave(viewer, id);
  }
}
