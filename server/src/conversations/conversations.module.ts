import { Module } from '@nestjs/common';
import { TimelineModule } from '../timeline/index.js';
import { UsersModule } from '../users/index.js';
import { ConversationViews } from './conversation-views.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsListener } from './conversations.listener.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';
import { InboxesRepository } from './inboxes.repository.js';
import { LiveViews } from './live-views.js';
import { SettingsService } from './settings.service.js';

@Module({
  imports: [TimelineModule, UsersModule],
  controllers: [ConversationsController],
  providers: [
    ConversationsListener,
    ConversationsRepository,
    ConversationsService,
    ConversationViews,
    InboxesRepository,
    LiveViews,
    SettingsService,
  ],
  exports: [ConversationsRepository, ConversationsService, ConversationViews, InboxesRepository, LiveViews],
})
export class ConversationsModule {}
