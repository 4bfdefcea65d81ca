import { Injectable } from '@nestjs/common';
import type { Presence, PresenceUsers } from '@parley/protocol';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { type Connection, subjectOf } from '../platform/realtime/connection.js';
import { Realtime } from '../platform/realtime/realtime.js';
import type { Viewer } from '../platform/viewer.js';
import { statusOf, UsersService } from '../users/index.js';
import { Attendance } from './attendance.js';
import { allTopicsOf, topicsFor } from './presence-announcer.js';
import { PresenceRepository } from './presence.repository.js';
import { maySeeLastSeen, type Relation, toPresence, unknownPresence } from './presence.rules.js';

/** Who may see how a viewer is related to whom, and whether the viewer shows when they were last seen. */
interface Sight {
  readonly relations: ReadonlyMap<string, Relation>;
  readonly showsLastSeen: boolean;
}

/** Whether people can be reached, for those they share a conversation with. */
@Injectable()
export class PresenceService {
  constructor(
    private readonly database: Database,
    private readonly repository: PresenceRepository,
    private readonly users: UsersService,
    private readonly attendance: Attendance,
    private readonly realtime: Realtime,
    private readonly clock: Clock,
  ) {}

  /** These people have come on screen: answers with how they are now, and the connection hears of changes. */
  async subscribe(viewer: Viewer, { userIds }: PresenceUsers, connection: Connection): Promise<Presence[]> {
    const asked = [...new Set(userIds)];
    const before = await this.#sight(viewer, asked);
    const watched = topicsIn(before);
    this.realtime.watch(connection, ...watched);
    // Watched first and read then, so that no change is missed; what the viewer may not hear any more is let go again.
    const sight = await this.#sight(viewer, asked);
    const allowed = new Set<string>(topicsIn(sight));
    this.realtime.unwatch(connection, ...watched.filter((topic) => !allowed.has(topic)));
    return this.#now(viewer, asked, sight);
  }

  unsubscribe({ userIds }: PresenceUsers, connection: Connection): void {
    this.realtime.unwatch(connection, ...userIds.flatMap((userId) => [...allTopicsOf(userId)]));
  }

  /**
   * These have gone from a conversation: those who follow somebody they no longer share any with stop hearing of them,
   * and so do those who follow the one who `left`.
   */
  async part(conversationId: string, userIds: readonly string[], left?: string): Promise<void> {
    const watching = await this.realtime.watching(userIds, 'user', left === undefined ? [] : [`user:${left}`]);
    if (watching.length === 0) return;
    const pairs = watching.map(({ userId, topic }) => ({ watcherId: userId, userId: subjectOf(topic) }));
    const strangers = await this.database.read((tx) => this.repository.strangers(tx, conversationId, pairs));
    const byWatcher = new Map<string, string[]>();
    for (const { watcherId, userId } of strangers) {
      byWatcher.set(watcherId, [...(byWatcher.get(watcherId) ?? []), userId]);
    }
    await Promise.all(
      [...byWatcher].map(([watcherId, people]) =>
        this.realtime.unwatchAll(
          watcherId,
          people.flatMap((userId) => [...allTopicsOf(userId)]),
        ),
      ),
    );
  }

  #sight(viewer: Viewer, userIds: readonly string[]): Promise<Sight> {
    return this.database.read(async (tx) => {
      const { privacy } = await this.users.requireSelf(tx, viewer);
      const relations = await this.repository.relations(tx, viewer, userIds);
      return { relations, showsLastSeen: privacy.lastSeen !== 'nobody' };
    });
  }

  async #now(viewer: Viewer, userIds: readonly string[], { relations, showsLastSeen }: Sight): Promise<Presence[]> {
    const people = [...relations.keys()].map((userId) => ({ tenantId: viewer.tenantId, userId }));
    const rows = await this.database.read((tx) => this.repository.find(tx, people));
    const isConnected = await this.attendance.connectedAmong(people);
    const known = new Map(
      rows.map((row) => {
        const facts = {
          userId: row.userId,
          status: statusOf(row, this.clock.now()),
          lastSeenPrivacy: row.privacy.lastSeen,
          lastSeenAt: row.lastSeenAt,
          isConnected: isConnected(row),
        };
        const relation = relations.get(row.userId) ?? 'acquaintance';
        return [row.userId, toPresence(facts, showsLastSeen && maySeeLastSeen(facts, relation))];
      }),
    );
    return userIds.map((userId) => known.get(userId) ?? unknownPresence(userId));
  }
}

const topicsIn = ({ relations, showsLastSeen }: Sight) =>
  [...relations].flatMap(([userId, relation]) => [...topicsFor(userId, relation, showsLastSeen)]);
