import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { MentionsModule } from '../mentions/index.js';
import { TimelineModule } from '../timeline/index.js';
import { Composer } from './composer.js';
import { ForwardsService } from './forwards.service.js';
import { MessageAccess } from './message-access.js';
import { MessageChanges } from './message-changes.js';
import { MessagesController } from './messages.controller.js';
import { MessagesGateway } from './messages.gateway.js';
import { MessagesListener } from './messages.listener.js';
import { MessagesService } from './messages.service.js';

@Module({
  imports: [ConversationsModule, MentionsModule, TimelineModule],
  controllers: [MessagesController],
  providers: [
    Composer,
    ForwardsService,
    MessageAccess,
    MessageChanges,
    MessagesGateway,
    MessagesListener,
    MessagesService,
  ],
  exports: [MessageAccess, MessageChanges],
})
export class MessagesModule {}
