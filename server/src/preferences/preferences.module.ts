import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { TimelineModule } from '../timeline/index.js';
import { PreferencesController } from './preferences.controller.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';

@Module({
  imports: [ConversationsModule, TimelineModule],
  controllers: [PreferencesController],
  providers: [PreferencesRepository, PreferencesService],
})
export class PreferencesModule {}
