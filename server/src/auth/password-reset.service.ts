import './auth.jobs.js';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { hashSecret, newSecret } from '../platform/ids.js';
import type { JobPayloads } from '../platform/jobs/job-kinds.js';
import { Mailer } from '../platform/mail/mailer.js';
import { UsersService } from '../users/index.js';
import { SessionsRepository } from './sessions.repository.js';

/** Mails reset links: to whoever owns the address, and nothing to an address nobody owns. */
@Injectable()
export class PasswordResetService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsRepository,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  /** `mailId` is the same over retries of one request; each try sends a link of its own. */
  async mailLink(mailId: string, request: JobPayloads['password_reset_requested']): Promise<void> {
    const token = newSecret();
    const address = await this.#issue(token, request);
    if (!address) return;
    await this.mailer.send(mailId, { to: address, subject: 'Reset your Parley password', text: this.#letter(token) });
  }

  async #issue(token: string, { tenantId, email }: JobPayloads['password_reset_requested']): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const owner = await this.users.findByLogin(tx, tenantId, email);
      // A user name is not an address: nobody may have links mailed by knowing a name.
      if (!owner?.email || !email.includes('@')) return null;
      const now = this.clock.now();
      await this.sessions.insertPasswordReset(tx, {
        tenantId,
        tokenHash: hashSecret(token),
        userId: owner.id,
        createdAt: now,
        expiresAt: new Date(now.getTime() + this.config.RESET_TOKEN_TTL * 1_000),
        usedAt: null,
      });
      return owner.email;
    });
  }

  #letter(token: string): string {
    return [
      // No word that the account's maker chose: anyone can register an address that is not theirs.
      'Hello,',
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
    ].join('\n');
  }
}
