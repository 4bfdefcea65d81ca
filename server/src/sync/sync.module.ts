import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { TimelineModule } from '../timeline/index.js';
import { SyncController } from './sync.controller.js';
import { SyncGateway } from './sync.gateway.js';
import { SyncRepository } from './sync.repository.js';
import { SyncService } from './sync.service.js';

@Module({
  imports: [ConversationsModule, TimelineModule],
  controllers: [SyncController],
  providers: [SyncGateway, SyncRepository, SyncService],
})
export class SyncModule {}
