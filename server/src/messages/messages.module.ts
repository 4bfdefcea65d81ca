import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { TimelineModule } from '../timeline/index.js';
import { MessageAccess } from './message-access.js';
import { MessagesController } from './messages.controller.js';
import { MessagesGateway } from './messages.gateway.js';
import { MessagesListener } from './messages.listener.js';
import { MessagesService } from './messages.service.js';

@Module({
  imports: [ConversationsModule, TimelineModule],
  controllers: [MessagesController],
  providers: [MessageAccess, MessagesGateway, MessagesListener, MessagesService],
  exports: [MessageAccess, MessagesService],
})
export class MessagesModule {}
