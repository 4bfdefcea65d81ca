import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { escapeLike } from '../platform/database/escape-like.js';
import type { Tx } from '../platform/database/tx.js';
import { UserEntity } from './user.entity.js';

/** Where a search goes on: the last name key and id shown. */
export interface SearchPosition {
  readonly nameKey: string;
  readonly id: string;
}

@Injectable()
export class UsersRepository {
  async insert(tx: Tx, user: UserEntity): Promise<void> {
    await tx.manager.insert(UserEntity, user);
  }

  findById(tx: Tx, tenantId: string, id: string): Promise<UserEntity | null> {
    return tx.manager.findOneBy(UserEntity, { tenantId, id });
  }

  /** Holds the accounts as they are until the transaction ends; locked in order of id. */
  findByIdsLocked(tx: Tx, tenantId: string, ids: readonly string[]): Promise<UserEntity[]> {
    return tx.manager.find(UserEntity, {
      where: { tenantId, id: In([...ids]) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_read' },
    });
  }

  /** By user name or e-mail address, both already folded. */
  findByLogin(tx: Tx, tenantId: string, key: string): Promise<UserEntity | null> {
    return tx.manager.findOneBy(UserEntity, [
      { tenantId, usernameKey: key, deletedAt: IsNull() },
      { tenantId, emailKey: key, deletedAt: IsNull() },
    ]);
  }

  /** Holds the account as it is until the transaction ends: a change of password waits, or is seen here. */
  findLocked(tx: Tx, tenantId: string, id: string): Promise<UserEntity | null> {
    return tx.manager.findOne(UserEntity, { where: { tenantId, id }, lock: { mode: 'pessimistic_read' } });
  }

  /** Keeps other changes of the account waiting until the transaction ends, but no one who only refers to it. */
  findForUpdate(tx: Tx, tenantId: string, id: string): Promise<UserEntity | null> {
    return tx.manager.findOne(UserEntity, { where: { tenantId, id }, lock: { mode: 'for_no_key_update' } });
  }

  async update(tx: Tx, tenantId: string, id: string, changes: Partial<UserEntity>): Promise<void> {
    await tx.manager.update(UserEntity, { tenantId, id }, changes);
  }

  /** People whose user name or display name begins with `prefix` (folded), in order of display name. */
  search(tx: Tx, tenantId: string, prefix: string, page: { limit: number; after: SearchPosition | null }) {
    const query = tx.manager
      .createQueryBuilder(UserEntity, 'u')
      .where('u.tenantId = :tenantId AND u.deletedAt IS NULL', { tenantId })
      .andWhere('(u.usernameKey LIKE :pattern OR u.nameKey LIKE :pattern)', { pattern: `${escapeLike(prefix)}%` })
      .orderBy('u.nameKey')
      .addOrderBy('u.id')
      .limit(page.limit);
    if (page.after) query.andWhere('(u.nameKey, u.id) > (:nameKey, :id)', page.after);
    return query.getMany();
  }
}
