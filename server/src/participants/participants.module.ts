import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { ConversationsModule } from '../conversations/index.js';
import { TimelineModule } from '../timeline/index.js';
import { UsersModule } from '../users/index.js';
import { AccountErasureProcessor } from './account-erasure.processor.js';
import { BansRepository } from './bans.repository.js';
import { ModerationController } from './moderation.controller.js';
import { ModerationService } from './moderation.service.js';
import { ParticipantsController } from './participants.controller.js';
import { ParticipantsListener } from './participants.listener.js';
import { ParticipantsRepository } from './participants.repository.js';
import { ParticipantsService } from './participants.service.js';
import { SeatingService } from './seating.service.js';

@Module({
  imports: [AuthModule, ConversationsModule, TimelineModule, UsersModule],
  controllers: [ModerationController, ParticipantsController],
  providers: [
    AccountErasureProcessor,
    BansRepository,
    ModerationService,
    ParticipantsListener,
    ParticipantsRepository,
    ParticipantsService,
    SeatingService,
  ],
  exports: [BansRepository, ParticipantsService, SeatingService],
})
export class ParticipantsModule {}
