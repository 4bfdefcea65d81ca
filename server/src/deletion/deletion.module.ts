import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/index.js';
import { DeletionController } from './deletion.controller.js';
import { DeletionListener } from './deletion.listener.js';
import { DeletionProcessor } from './deletion.processor.js';
import { DeletionRepository } from './deletion.repository.js';
import { DeletionService } from './deletion.service.js';

@Module({
  imports: [ConversationsModule],
  controllers: [DeletionController],
  providers: [DeletionListener, DeletionProcessor, DeletionRepository, DeletionService],
})
export class DeletionModule {}
