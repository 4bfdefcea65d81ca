import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Log } from '../platform/logging/log.js';
import { ExpiryService } from './expiry.service.js';

/** In ms. What is due is shown as gone at once; this is how long the others may wait to be told. */
const SWEEP_EVERY = 2_000;

/** Sweeps from the start of the server on, first of all what became due while it was down. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    private readonly expiry: ExpiryService,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = () => {
      this.#running ??= this.#sweep().finally(() => {
        this.#running = undefined;
      });
    };
    this.#timer = setInterval(sweep, SWEEP_EVERY);
    sweep();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #sweep(): Promise<void> {
    try {
      while (!this.#isStopped && (await this.expiry.removeExpired())) continue;
      while (!this.#isStopped && (await this.expiry.closePolls())) continue;
    } catch (error) {
      // Nothing is lost: what is due is due at the next look too.
      this.log.warn('what is due could not be swept', {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
