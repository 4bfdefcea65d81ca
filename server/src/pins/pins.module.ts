import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { MessagesModule } from '../messages/index.js';
import { TimelineModule } from '../timeline/index.js';
import { PinsController } from './pins.controller.js';
import { PinsRepository } from './pins.repository.js';
import { PinsService } from './pins.service.js';

@Module({
  imports: [ConversationsModule, MessagesModule, TimelineModule],
  controllers: [PinsController],
  providers: [PinsRepository, PinsService],
})
export class PinsModule {}
