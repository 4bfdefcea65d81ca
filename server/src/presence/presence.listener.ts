import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { type DomainEvents, Events } from '../platform/events/domain-events.js';
import { Log } from '../platform/logging/log.js';
import { Realtime } from '../platform/realtime/realtime.js';
import { TIMING, type Timing } from '../platform/timing.js';
import { Attendance } from './attendance.js';
import { PresenceAnnouncer } from './presence-announcer.js';
import { type PersonRef, PresenceRepository } from './presence.repository.js';
import { appearance } from './presence.rules.js';
import { PresenceService } from './presence.service.js';

const LOOK_EVERY = 500;
/** People in one statement. */
const AT_ONCE = 1_000;

/** Follows who comes and goes, and what people say of themselves. */
@Injectable()
export class PresenceListener implements OnModuleInit, OnModuleDestroy {
  #looking: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #renewedAt = performance.now();
  #notedAt = performance.now();
  /** One after the other: what is held must not overtake what is let go. */
  #work: Promise<void> = Promise.resolve();

  constructor(
    @Inject(TIMING) private readonly timing: Timing,
    private readonly events: Events,
    private readonly attendance: Attendance,
    private readonly announcer: PresenceAnnouncer,
    private readonly presence: PresenceService,
    private readonly repository: PresenceRepository,
    private readonly database: Database,
    private readonly realtime: Realtime,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on('connection.opened', ({ viewer, connection }) => {
      this.attendance.opened(viewer, connection.id);
      this.#settleSoon();
    });
    this.events.on('connection.closed', ({ viewer, connection }) => {
      this.attendance.closed(viewer, connection.id);
      this.#settleSoon();
    });
    this.events.on('status.changed', (event) => this.statusChanged(event));
    this.events.on('privacy.changed', (event) => this.privacyChanged(event));
    this.events.on('participant.left', ({ userId, conversationId }) =>
      this.presence.part(conversationId, [userId], userId),
    );
    this.events.on('conversation.deleted', ({ conversationId, members }) =>
      this.presence.part(
        conversationId,
        members.map(({ userId }) => userId),
      ),
    );
    this.#looking = setInterval(() => void this.#then(() => this.#look()), LOOK_EVERY).unref();
  }

  /** Whoever was connected here has a moment to come back elsewhere before another node tells that they are gone. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#looking);
    clearTimeout(this.#settling);
    await this.#then(() => this.#settle());
    this.announcer.stop();
  }

  async statusChanged({ viewer, before, after }: DomainEvents['status.changed']): Promise<void> {
    const isConnected = (await this.attendance.connectedAmong([viewer]))(viewer);
    const looked = appearance(before.status, isConnected);
    const looks = appearance(after.status, isConnected);
    if (looked === 'offline' && looks === 'offline') return;
    if (looks === 'offline') await this.database.read((tx) => this.repository.vanish(tx, viewer, this.clock.now()));
    this.announcer.add([viewer], { evenIfHidden: true });
  }

  /** Who shows nobody when they were last seen is shown nobody, and what others have been told of it is taken back. */
  async privacyChanged({ viewer, before, after }: DomainEvents['privacy.changed']): Promise<void> {
    if (before.lastSeen === after.lastSeen) return;
    this.announcer.add([viewer], { evenIfHidden: true });
    if (after.lastSeen !== 'nobody') return;
    await this.realtime.unwatchAll(viewer.userId, ['last_seen', 'last_seen_by_contacts']);
  }

  #settleSoon(): void {
    this.#settling ??= setTimeout(() => void this.#then(() => this.#settle()), this.timing.presenceGather).unref();
  }

  async #settle(): Promise<void> {
    this.#settling = undefined;
    const { come, left } = await this.attendance.settle();
    this.announcer.add(come);
    await this.#noteSeen(left);
  }

  async #look(): Promise<void> {
    const now = performance.now();
    if (this.attendance.isBehind || now - this.#renewedAt >= this.timing.leaseRenewal) {
      this.#renewedAt = now;
      this.announcer.add(await this.attendance.renew());
    }
    this.announcer.add(await this.attendance.gone());
    this.announcer.addExpired();
    if (now - this.#notedAt >= this.timing.noteSeenEvery) {
      this.#notedAt = now;
      await this.#noteSeen(this.attendance.here());
    }
  }

  async #noteSeen(people: readonly PersonRef[]): Promise<void> {
    const at = this.clock.now();
    for (let from = 0; from < people.length; from += AT_ONCE) {
      const some = people.slice(from, from + AT_ONCE);
      await this.database.read((tx) => this.repository.seen(tx, some, at));
    }
  }

  #then(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.log.warn('presence could not be kept', { error: String(error) });
    });
    return this.#work;
  }
}
