import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { ReceiptsModule } from '../receipts/index.js';
import { UsersModule } from '../users/index.js';
import { OnScreenGateway } from './on-screen.gateway.js';
import { OnScreenService } from './on-screen.service.js';

@Module({
  imports: [ConversationsModule, ReceiptsModule, UsersModule],
  providers: [OnScreenGateway, OnScreenService],
})
export class PresenceModule {}
