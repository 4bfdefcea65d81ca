import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { TimelineModule } from '../timeline/index.js';
import { DueMessagesRepository } from './due-messages.repository.js';
import { ExpiryService } from './expiry.service.js';
import { Sweeper } from './sweeper.js';

@Module({
  imports: [ConversationsModule, TimelineModule],
  providers: [DueMessagesRepository, ExpiryService, Sweeper],
})
export class ExpiryModule {}
