import { Controller, Delete, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Id } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { DeletionService } from './deletion.service.js';

@ApiTags('Conversations')
@ApiBearerAuth()
@Controller('conversations/:id')
export class DeletionController {
  constructor(private readonly deletion: DeletionService) {}

  @Delete()
  @Access('signed-in')
  @Answers(204)
  delete(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.deletion.delete(viewer, id);
  }
}
