import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { ReceiptsModule } from '../receipts/index.js';
import { UsersModule } from '../users/index.js';
import { Attendance } from './attendance.js';
import { OnScreenGateway } from './on-screen.gateway.js';
import { OnScreenService } from './on-screen.service.js';
import { PresenceAnnouncer } from './presence-announcer.js';
import { PresenceGateway } from './presence.gateway.js';
import { PresenceListener } from './presence.listener.js';
import { PresenceRepository } from './presence.repository.js';
import { PresenceService } from './presence.service.js';

@Module({
  imports: [ConversationsModule, ReceiptsModule, UsersModule],
  providers: [
    Attendance,
    OnScreenGateway,
    OnScreenService,
    PresenceAnnouncer,
    PresenceGateway,
    PresenceListener,
    PresenceRepository,
    PresenceService,
  ],
})
export class PresenceModule {}
