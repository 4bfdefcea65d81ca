import { Body, Controller, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { SyncRequest, SyncResult } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { SyncService } from './sync.service.js';

@ApiTags('Sync')
@ApiBearerAuth()
@Controller('sync')
export class SyncController {
  constructor(private readonly service: SyncService) {}

  @Post()
  @Access('signed-in')
  @Answers(200, SyncResult)
  sync(@CurrentViewer() viewer: Viewer, @Body({ schema: SyncRequest }) request: SyncRequest): Promise<SyncResult> {
    return this.service.sync(viewer, request);
  }
}
