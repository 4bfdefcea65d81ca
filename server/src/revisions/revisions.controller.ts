import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { DeleteQuery, EditMessage, Id, Message, MessageVersionList } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { DeletionsService } from './deletions.service.js';
import { EditsService } from './edits.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@Controller('messages/:id')
export class RevisionsController {
  constructor(
    private readonly edits: EditsService,
    private readonly deletions: DeletionsService,
  ) {}

  @Put()
  @Access('signed-in')
  @Answers(200, Message)
  edit(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: EditMessage }) { content }: EditMessage,
  ): Promise<Message> {
    return this.edits.edit(viewer, id, content);
  }

  @Get('versions')
  @Access('signed-in')
  @Answers(200, MessageVersionList)
  async versions(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
  ): Promise<MessageVersionList> {
    return { items: await this.edits.listVersions(viewer, id) };
  }

  @Delete()
  @Access('signed-in')
  @Answers(204)
  async remove(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: DeleteQuery }) query: DeleteQuery,
  ): Promise<void> {
    await this.deletions.remove(viewer, id, query.for);
  }
}
