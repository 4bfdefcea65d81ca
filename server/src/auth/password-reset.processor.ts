import './auth.jobs.js';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { hashSecret, newSecret } from '../platform/ids.js';
import type { Job } from '../platform/jobs/job-kinds.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { Mailer } from '../platform/mail/mailer.js';
import { UsersService } from '../users/index.js';
import { SessionsRepository } from './sessions.repository.js';

/** Mails a reset link to whoever owns the address, and nothing to an address nobody owns. */
@Injectable()
export class PasswordResetProcessor implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsRepository,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('password_reset_requested', (job) => this.mailLink(job));
  }

  async mailLink({ id, payload }: Job<'password_reset_requested'>): Promise<void> {
    const token = newSecret();
    const user = await this.database.transaction(async (tx) => {
      const owner = await this.users.findByLogin(tx, payload.tenantId, payload.email);
      // A user name is not an address: nobody may have links mailed by knowing a name.
      if (!owner?.email || !payload.email.includes('@')) return null;
      const now = this.clock.now();
      await this.sessions.insertPasswordReset(tx, {
        tenantId: payload.tenantId,
        tokenHash: hashSecret(token),
        userId: owner.id,
        createdAt: now,
        expiresAt: new Date(now.getTime() + this.config.RESET_TOKEN_TTL * 1_000),
        usedAt: null,
      });
      return owner;
    });
    if (!user?.email) return;
    await this.mailer.send(id, {
      to: user.email,
      subject: 'Reset your Parley password',
      text: [
        `Hello ${user.firstName},`,
        '',
        'somebody, hopefully you, asked to reset the password of your account.',
        'Open this link to choose a new one:',
        '',
        // After the # the token stays in the browser: it reaches no proxy and no log.
        `${this.config.PUBLIC_URL}/app/reset#token=${token}`,
        '',
        `The link works once and for ${Math.round(this.config.RESET_TOKEN_TTL / 60)} minutes.`,
        'If it was not you, you need not do anything.',
        '',
      ].join('\n'),
    });
  }
}
