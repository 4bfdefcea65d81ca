import './auth.jobs.js';
import { Injectable } from '@nestjs/common';
import type { DeleteProfile, Forgot, Login, Register, Reset, SignedIn } from '@parley/protocol';
import { AppError } from '../platform/app-error.js';
import { caseFold } from '../platform/case-folding.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { hashSecret } from '../platform/ids.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { limitAddress } from '../platform/limits/address.js';
import { Limits } from '../platform/limits/limits.js';
import type { Viewer } from '../platform/viewer.js';
import { DEFAULT_TENANT } from '../tenants/index.js';
import { toProfile, type UserEntity, UsersService } from '../users/index.js';
import { Passwords } from './passwords.js';
import { SessionsRepository } from './sessions.repository.js';
import { type Device, SessionsService } from './sessions.service.js';

/** Signing up, in and back in, and closing the account. */
@Injectable()
export class AuthService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly sessionRows: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly limits: Limits,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async register(input: Register, address: string): Promise<SignedIn> {
    this.passwords.requireUncommon('password', input.password, [input.username, input.email]);
    const passwordHash = await this.passwords.hash(input.password);
    return this.database.transaction(async (tx) => {
      const user = await this.users.create(tx, DEFAULT_TENANT, input, passwordHash);
      return this.#signIn(tx, user, { name: input.deviceName, address });
    });
  }

  /** A wrong password and an unknown login are one and the same to the caller, in words and in time. */
  async login(input: Login, address: string): Promise<SignedIn> {
    const user = await this.#guess(`${limitAddress(address)} ${caseFold(input.login)}`, async () => {
      const found = await this.database.read((tx) => this.users.findByLogin(tx, DEFAULT_TENANT, input.login));
      return (await this.passwords.matches(found?.passwordHash, input.password)) ? found : null;
    });
    return this.database.transaction(async (tx) => {
      // A reset that came in between has ended every session, and must end this one too.
      const isCurrent = await this.users.holdsPassword(tx, user.tenantId, user.id, user.passwordHash);
      if (!isCurrent) throw new AppError('invalid_credentials');
      return this.#signIn(tx, user, { name: input.deviceName, address });
    });
  }

  /** Does the same work whether the address is known or not; the job finds out. */
  async forgot(input: Forgot): Promise<void> {
    await this.database.transaction((tx) =>
      this.outbox.add(tx, 'password_reset_requested', { tenantId: DEFAULT_TENANT, email: input.email }),
    );
  }

  async reset(input: Reset): Promise<void> {
    this.passwords.requireUncommon('password', input.password, []);
    const passwordHash = await this.passwords.hash(input.password);
    await this.database.transaction(async (tx) => {
      const tokenHash = hashSecret(input.token);
      const userId = await this.sessionRows.redeemPasswordReset(tx, DEFAULT_TENANT, tokenHash, this.clock.now());
      const owner = userId && (await this.users.findAccount(tx, DEFAULT_TENANT, userId));
      if (!owner) throw new AppError('invalid_reset_token');
      // Refused here the token is not redeemed: the whole transaction is taken back.
      this.passwords.requireUncommon('password', input.password, [owner.username, owner.email ?? '']);
      await this.users.setPassword(tx, DEFAULT_TENANT, owner.id, passwordHash);
      await this.sessionRows.dropPasswordResets(tx, DEFAULT_TENANT, owner.id);
      await this.sessions.endAll(tx, DEFAULT_TENANT, owner.id, 'password_changed');
    });
  }

  /** Closes the account at once and leaves the rest of its erasure to a job. */
  async deleteAccount(viewer: Viewer, input: DeleteProfile, address: string): Promise<void> {
    await this.#guess(`${limitAddress(address)} ${viewer.userId}`, async () => {
      const user = await this.database.read((tx) => this.users.requireSelf(tx, viewer));
      return (await this.passwords.matches(user.passwordHash, input.password)) ? user : null;
    });
    await this.database.transaction(async (tx) => {
      await this.users.close(tx, viewer);
      await this.sessionRows.dropPasswordResets(tx, viewer.tenantId, viewer.userId);
      await this.sessions.endAll(tx, viewer.tenantId, viewer.userId, 'account_deleted');
      await this.outbox.add(tx, 'account_erasure', { tenantId: viewer.tenantId, userId: viewer.userId });
    });
  }

  /**
   * Counts a guess while it is looked at, so that a hundred at once are not taken for one. A right one forgives all,
   * and one that was never looked at is given back.
   */
  async #guess(key: string, look: () => Promise<UserEntity | null>): Promise<UserEntity> {
    await this.limits.take('login_failure', key);
    const user = await look().catch(async (error: unknown) => {
      await this.limits.giveBack('login_failure', key);
      throw error;
    });
    if (!user) throw new AppError('invalid_credentials');
    await this.limits.forgive('login_failure', key);
    return user;
  }

  async #signIn(tx: Tx, user: UserEntity, device: Device): Promise<SignedIn> {
    const tokens = await this.sessions.open(tx, user, device);
    return { user: toProfile(user, this.clock.now()), ...tokens };
  }
}
