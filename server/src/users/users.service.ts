import './user.events.js';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  type Page,
  type Profile,
  type Register,
  type SetStatus,
  text,
  type UpdateProfile,
  type User,
  type UserSearch,
} from '@parley/protocol';
import { AppError, invalid } from '../platform/app-error.js';
import { caseFold } from '../platform/case-folding.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { type Tx, violates } from '../platform/database/tx.js';
import { definedOnly } from '../platform/defined-only.js';
import { Events } from '../platform/events/domain-events.js';
import { newId } from '../platform/ids.js';
import { decodeCursor, toPage } from '../platform/pagination.js';
import type { Viewer } from '../platform/viewer.js';
import type { UserEntity } from './user.entity.js';
import { DEFAULT_PRIVACY, fullName } from './user.rules.js';
import { statusOf, toProfile, toUser } from './users.mapper.js';
import { UsersRepository } from './users.repository.js';

const SearchCursor = z.tuple([text({ max: 512 }), z.guid()]);

/** Turns the violation of a unique key into the error of the table. */
function rethrowTaken(error: unknown): never {
  if (violates(error, 'users_username_unique')) throw new AppError('username_taken');
  if (violates(error, 'users_email_unique')) throw new AppError('email_taken');
  throw error;
}

/** Accounts as people know them: profiles, names, status. Passwords and sessions are the business of auth. */
@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  /** Stores a new account; names and addresses already in use are refused by the unique keys alone. */
  async create(tx: Tx, tenantId: string, input: Register, passwordHash: string): Promise<UserEntity> {
    const now = this.clock.now();
    const user: UserEntity = {
      tenantId,
      id: newId(),
      username: input.username,
      usernameKey: caseFold(input.username),
      email: input.email,
      emailKey: caseFold(input.email),
      passwordHash,
      firstName: input.firstName,
      lastName: input.lastName,
      nameKey: caseFold(fullName(input)),
      phone: input.phone ?? null,
      avatarUrl: null,
      availability: 'online',
      statusText: null,
      statusExpiresAt: null,
      privacy: DEFAULT_PRIVACY,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
      lastSeenAt: null,
    };
    await this.users.insert(tx, user).catch(rethrowTaken);
    return user;
  }

  /** The account a user name or an e-mail address belongs to, for signing in. */
  findByLogin(tx: Tx, tenantId: string, login: string): Promise<UserEntity | null> {
    return this.users.findByLogin(tx, tenantId, caseFold(login));
  }

  /** An account that is not deleted, for whoever has proven in another way to be its owner. */
  async findAccount(tx: Tx, tenantId: string, id: string): Promise<UserEntity | null> {
    const user = await this.users.findById(tx, tenantId, id);
    return user?.deletedAt === null ? user : null;
  }

  /** Whether this is still the account's password, held so until the transaction ends. */
  async holdsPassword(tx: Tx, tenantId: string, id: string, passwordHash: string | null): Promise<boolean> {
    const user = await this.users.findLocked(tx, tenantId, id);
    return user !== null && user.deletedAt === null && user.passwordHash === passwordHash;
  }

  profile(viewer: Viewer): Promise<Profile> {
    return this.database.read(async (tx) => toProfile(await this.requireSelf(tx, viewer), this.clock.now()));
  }

  async updateProfile(viewer: Viewer, input: UpdateProfile): Promise<Profile> {
    return this.database.transaction(async (tx) => {
      // Under lock: of two changes at once, the later must not write back what it read before the earlier.
      const user = requireOpen(await this.users.findForUpdate(tx, viewer.tenantId, viewer.userId));
      const firstName = input.firstName ?? user.firstName;
      const lastName = input.lastName ?? user.lastName;
      const username = input.username ?? user.username;
      const changes = {
        username,
        usernameKey: caseFold(username),
        firstName,
        lastName,
        nameKey: caseFold(fullName({ firstName, lastName })),
        phone: input.phone === undefined ? user.phone : input.phone,
        privacy: { ...user.privacy, ...definedOnly(input.privacy ?? {}) },
        updatedAt: this.clock.now(),
      };
      await this.users.update(tx, viewer.tenantId, viewer.userId, changes).catch(rethrowTaken);
      if (input.privacy) {
        this.events.emit(tx, 'privacy.changed', { viewer, before: user.privacy, after: changes.privacy });
      }
      return toProfile({ ...user, ...changes }, this.clock.now());
    });
  }

  async setStatus(viewer: Viewer, input: SetStatus): Promise<Profile> {
    const statusExpiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
    if (statusExpiresAt && statusExpiresAt <= this.clock.now()) throw invalid('expiresAt', 'must lie in the future');
    return this.database.transaction(async (tx) => {
      const user = await this.requireSelf(tx, viewer);
      const changes = { availability: input.status, statusText: input.text ?? null, statusExpiresAt };
      await this.users.update(tx, viewer.tenantId, viewer.userId, changes);
      const now = this.clock.now();
      const after = statusOf({ ...user, ...changes }, now);
      this.events.emit(tx, 'status.changed', { viewer, before: statusOf(user, now), after });
      return toProfile({ ...user, ...changes }, now);
    });
  }

  async find(viewer: Viewer, id: string): Promise<User> {
    const user = await this.database.read((tx) => this.users.findById(tx, viewer.tenantId, id));
    if (!user) throw new AppError('not_found');
    return toUser(user);
  }

  /** Whether the viewer lets others know what was read, and so is told what they have read. */
  async sharesReceipts(tx: Tx, viewer: Viewer): Promise<boolean> {
    return (await this.requireSelf(tx, viewer)).privacy.readReceipts;
  }

  /**
   * The accounts of these ids that exist in the viewer's tenant and are not deleted. None of them can be deleted before
   * the transaction ends: whoever is given a seat is still there to leave it.
   */
  async holdActive(tx: Tx, viewer: Viewer, ids: readonly string[]): Promise<UserEntity[]> {
    if (ids.length === 0) return [];
    const users = await this.users.findByIdsLocked(tx, viewer.tenantId, ids);
    return users.filter((user) => user.deletedAt === null);
  }

  async search(viewer: Viewer, input: UserSearch): Promise<Page<User>> {
    const cursor = decodeCursor(SearchCursor, input.cursor);
    const after = cursor && { nameKey: cursor[0], id: cursor[1] };
    const rows = await this.database.read((tx) =>
      this.users.search(tx, viewer.tenantId, caseFold(input.q), { limit: input.limit + 1, after }),
    );
    return toPage(rows, input.limit, { item: toUser, key: (row) => [row.nameKey, row.id] });
  }

  /** Closes an account at once: it can no longer sign in or be found. Its data go with `anonymise`. */
  async close(tx: Tx, viewer: Viewer): Promise<void> {
    await this.users.update(tx, viewer.tenantId, viewer.userId, { deletedAt: this.clock.now(), passwordHash: null });
  }

  async setPassword(tx: Tx, tenantId: string, userId: string, passwordHash: string): Promise<void> {
    await this.users.update(tx, tenantId, userId, { passwordHash, updatedAt: this.clock.now() });
  }

  /** Removes everything personal from a closed account; its messages keep an author without a name. */
  async anonymise(tx: Tx, tenantId: string, userId: string): Promise<void> {
    // With a character no user name can have: else whoever took this name could keep the account from being erased.
    const username = `deleted:${userId}`;
    await this.users.update(tx, tenantId, userId, {
      username,
      usernameKey: username,
      email: null,
      emailKey: null,
      firstName: 'Deleted account',
      lastName: '',
      nameKey: caseFold('Deleted account'),
      phone: null,
      avatarUrl: null,
      statusText: null,
      statusExpiresAt: null,
      updatedAt: this.clock.now(),
    });
  }

  async requireSelf(tx: Tx, viewer: Viewer): Promise<UserEntity> {
    return requireOpen(await this.users.findById(tx, viewer.tenantId, viewer.userId));
  }
}

function requireOpen(self: UserEntity | null): UserEntity {
  if (!self || self.deletedAt) throw new AppError('session_ended');
  return self;
}
