import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/index.js';
import { ReactionsController } from './reactions.controller.js';
import { ReactionsGateway } from './reactions.gateway.js';
import { ReactionsRepository } from './reactions.repository.js';
import { ReactionsService } from './reactions.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [ReactionsController],
  providers: [ReactionsGateway, ReactionsRepository, ReactionsService],
})
export class ReactionsModule {}
