import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { TimelineModule } from '../timeline/index.js';
import { UsersModule } from '../users/index.js';
import { AccountErasureProcessor } from './account-erasure.processor.js';
import { ConversationViews } from './conversation-views.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsListener } from './conversations.listener.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';
import { InboxesRepository } from './inboxes.repository.js';
import { ParticipantsController } from './participants.controller.js';
import { ParticipantsService } from './participants.service.js';

@Module({
  imports: [AuthModule, TimelineModule, UsersModule],
  controllers: [ConversationsController, ParticipantsController],
  providers: [
    AccountErasureProcessor,
    ConversationsListener,
    ConversationsRepository,
    ConversationsService,
    ConversationViews,
    InboxesRepository,
    ParticipantsService,
  ],
  exports: [ConversationsRepository, ConversationsService, ConversationViews, InboxesRepository],
})
export class ConversationsModule {}
