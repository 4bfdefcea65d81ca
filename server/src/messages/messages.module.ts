import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { TimelineModule } from '../timeline/index.js';
import { MessagesController } from './messages.controller.js';
import { MessagesGateway } from './messages.gateway.js';
import { MessagesListener } from './messages.listener.js';
import { MessagesService } from './messages.service.js';

@Module({
  imports: [ConversationsModule, TimelineModule],
  controllers: [MessagesController],
  providers: [MessagesGateway, MessagesListener, MessagesService],
})
export class MessagesModule {}
