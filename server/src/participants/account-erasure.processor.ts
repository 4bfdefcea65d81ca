import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SessionsService } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import type { Job } from '../platform/jobs/job-kinds.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { UsersService } from '../users/index.js';
import { ParticipantsService } from './participants.service.js';

/** Finishes what deleting an account began: leaves its groups, then forgets who it was. Safe to run again. */
@Injectable()
export class AccountErasureProcessor implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly participants: ParticipantsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('account_erasure', (job) => this.erase(job));
  }

  async erase({ payload: { tenantId, userId } }: Job<'account_erasure'>): Promise<void> {
    await this.participants.leaveAll({ tenantId, userId, sessionId: userId });
    await this.database.transaction(async (tx) => {
      await this.users.anonymise(tx, tenantId, userId);
      await this.sessions.forgetDevices(tx, tenantId, userId);
    });
  }
}
