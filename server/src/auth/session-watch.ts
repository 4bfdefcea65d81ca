import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Log } from '../platform/logging/log.js';
import { SessionsService } from './sessions.service.js';

const LOOK_EVERY = 2_000;
/** Wide enough for clocks of nodes that differ and for looks that failed. */
const LOOK_BACK = 60_000;

/** Learns from PostgreSQL which sessions ended on other nodes: no message bus is needed for a revocation to hold. */
@Injectable()
export class SessionWatch implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      await this.sessions.closeEndedSince(new Date(this.clock.now().getTime() - LOOK_BACK));
    } catch (error) {
      this.log.warn('ended sessions could not be read', {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
