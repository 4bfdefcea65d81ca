import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/index.js';
import { PollsController } from './polls.controller.js';
import { PollsService } from './polls.service.js';
import { VotesRepository } from './votes.repository.js';

@Module({
  imports: [MessagesModule],
  controllers: [PollsController],
  providers: [PollsService, VotesRepository],
})
export class PollsModule {}
