import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { ParticipantsModule } from '../participants/index.js';
import { UsersModule } from '../users/index.js';
import { InvitesController } from './invites.controller.js';
import { InvitesRepository } from './invites.repository.js';
import { InvitesService } from './invites.service.js';
import { JoinRequestsRepository } from './join-requests.repository.js';
import { JoiningController } from './joining.controller.js';
import { JoiningService } from './joining.service.js';

@Module({
  imports: [ConversationsModule, ParticipantsModule, UsersModule],
  controllers: [InvitesController, JoiningController],
  providers: [InvitesRepository, InvitesService, JoiningService, JoinRequestsRepository],
})
export class InvitesModule {}
