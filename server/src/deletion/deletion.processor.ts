import './deletion.jobs.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { DeletionService } from './deletion.service.js';

/** Finishes what deleting a conversation began. */
@Injectable()
export class DeletionProcessor implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly deletion: DeletionService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('conversation_erasure', ({ payload }) => this.deletion.erase(payload.conversationId));
  }
}
