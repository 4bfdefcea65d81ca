import { Inject, Injectable } from '@nestjs/common';
import type { Presence } from '@parley/protocol';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Log } from '../platform/logging/log.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { TIMING, type Timing } from '../platform/timing.js';
import { statusOf } from '../users/index.js';
import { Attendance } from './attendance.js';
import { type PersonRef, PresenceRepository } from './presence.repository.js';
import { maySeeLastSeen, type PresenceFacts, type Relation, toPresence } from './presence.rules.js';

/** Whoever may not know when this person was last seen watches none of these two. */
const LAST_SEEN_TOPICS = { acquaintance: 'last_seen', contact: 'last_seen_by_contacts' } as const;

/** The topics on which the viewer hears of a person; when they were last seen only if the viewer shows it too. */
export const topicsFor = (userId: string, relation: Relation, showsLastSeen: boolean) =>
  showsLastSeen
    ? ([`user:${userId}`, `${LAST_SEEN_TOPICS[relation]}:${userId}`] as const)
    : ([`user:${userId}`] as const);

/** Every topic about a person's presence. */
export const allTopicsOf = (userId: string) =>
  [`user:${userId}`, `last_seen:${userId}`, `last_seen_by_contacts:${userId}`] as const;

/** Tells those who watch a person how their presence is now; changes within a moment become one. */
@Injectable()
export class PresenceAnnouncer {
  /** Who is to be told of, and whether also if they look as if they were not there. */
  #waiting = new Map<string, { person: PersonRef; evenIfHidden: boolean }>();
  /** When the status of people who were told of runs out. */
  readonly #expiries = new Map<string, { person: PersonRef; at: Date }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(TIMING) private readonly timing: Timing,
    private readonly database: Database,
    private readonly repository: PresenceRepository,
    private readonly attendance: Attendance,
    private readonly realtime: Realtime,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * These have changed. That somebody who is invisible has come or gone must not be told at all: the very message would
   * give them away.
   */
  add(people: readonly PersonRef[], { evenIfHidden = false }: { evenIfHidden?: boolean } = {}): void {
    for (const person of people) {
      const waits = this.#waiting.get(person.userId);
      this.#waiting.set(person.userId, { person, evenIfHidden: evenIfHidden || waits?.evenIfHidden === true });
    }
    if (people.length > 0) this.#timer ??= setTimeout(() => void this.#flush(), this.timing.presenceGather).unref();
  }

  /** Has those told of whose status has run out. */
  addExpired(): void {
    const now = this.clock.now();
    const due = [...this.#expiries.values()].filter(({ at }) => at <= now).map(({ person }) => person);
    for (const { userId } of due) this.#expiries.delete(userId);
    this.add(due);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    const people = [...waiting.values()].map(({ person }) => person);
    try {
      const rows = await this.database.read((tx) => this.repository.find(tx, people));
      const isConnected = await this.attendance.connectedAmong(people);
      for (const row of rows) {
        const status = statusOf(row, this.clock.now());
        this.#note(row, row.statusExpiresAt);
        if (status.status === 'invisible' && !waiting.get(row.userId)?.evenIfHidden) continue;
        this.#tell({
          userId: row.userId,
          status,
          lastSeenPrivacy: row.privacy.lastSeen,
          lastSeenAt: row.lastSeenAt,
          isConnected: isConnected(row),
        });
      }
    } catch (error) {
      // What is lost here is lost until the next change: presence is no history.
      this.log.warn('presence could not be told', { people: people.length, error: String(error) });
    }
  }

  #note({ tenantId, userId }: PersonRef, at: Date | null): void {
    if (at && at > this.clock.now()) this.#expiries.set(userId, { person: { tenantId, userId }, at });
    else this.#expiries.delete(userId);
  }

  #tell(facts: PresenceFacts): void {
    const relations: readonly Relation[] = ['acquaintance', 'contact'];
    const entitled = relations.filter((relation) => maySeeLastSeen(facts, relation));
    const topics = entitled.map((relation) => `${LAST_SEEN_TOPICS[relation]}:${facts.userId}` as const);
    const emit = (topic: Parameters<Realtime['toTopic']>[0], presence: Presence, except: typeof topics = []) =>
      this.realtime.toTopic(topic, 'presence', presence, { exceptWatching: except });
    emit(`user:${facts.userId}`, toPresence(facts, false), topics);
    for (const topic of topics) emit(topic, toPresence(facts, true));
  }
}
