import { Body, Controller, Delete, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Id, SaveDraft, Seat, UpdatePreferences } from '@parley/protocol';
import { Access, CurrentViewer } from '../platform/http/access.js';
import { Answers } from '../platform/http/answers.js';
import type { Viewer } from '../platform/viewer.js';
import { PreferencesService } from './preferences.service.js';

@ApiTags('Conversations')
@ApiBearerAuth()
@Controller('conversations/:id')
export class PreferencesController {
  constructor(private readonly preferences: PreferencesService) {}

  @Put('preferences')
  @Access('signed-in')
  @Answers(200, Seat)
  update(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UpdatePreferences }) input: UpdatePreferences,
  ): Promise<Seat> {
    return this.preferences.update(viewer, id, input);
  }

  @Put('draft')
  @Access('signed-in')
  @Answers(200, Seat)
  saveDraft(
    @CurrentViewer() viewer: Viewer,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: SaveDraft }) input: SaveDraft,
  ): Promise<Seat> {
    return this.preferences.saveDraft(viewer, id, input);
  }

  @Delete('draft')
  @Access('signed-in')
  @Answers(200, Seat)
  deleteDraft(@CurrentViewer() viewer: Viewer, @Param('id', { schema: Id }) id: string): Promise<Seat> {
    return this.preferences.deleteDraft(viewer, id);
  }
}
