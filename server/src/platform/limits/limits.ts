import { Inject, Injectable } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { CONFIG, type Config } from '../../config.js';
import { AppError } from '../app-error.js';
import { Redis } from '../redis/redis.js';

interface Limit {
  /** How often within `seconds`. */
  readonly points: number;
  readonly seconds: number;
  /** What one bucket is kept for. */
  readonly per: 'address' | 'user' | 'address and account';
}

/**
 * Every limit, for REST and sockets alike. There is none per account alone: whoever knows a name could use it to lock
 * its owner out. Guessing is bounded per address, and per address and account.
 */
export const LIMITS = {
  register: { points: 600, seconds: 3_600, per: 'address' },
  login: { points: 120, seconds: 60, per: 'address' },
  login_failure: { points: 10, seconds: 300, per: 'address and account' },
  refresh: { points: 300, seconds: 60, per: 'address' },
  forgot: { points: 10, seconds: 600, per: 'address' },
  reset: { points: 30, seconds: 600, per: 'address' },
  request: { points: 600, seconds: 10, per: 'user' },
  search: { points: 60, seconds: 10, per: 'user' },
  create_conversation: { points: 120, seconds: 60, per: 'user' },
  preview_invite: { points: 60, seconds: 60, per: 'user' },
  join: { points: 60, seconds: 60, per: 'user' },
  send: { points: 300, seconds: 10, per: 'user' },
  change: { points: 300, seconds: 10, per: 'user' },
  typing: { points: 60, seconds: 10, per: 'user' },
  sync: { points: 100, seconds: 10, per: 'user' },
  socket_event: { points: 1_000, seconds: 10, per: 'user' },
  connect: { points: 3_000, seconds: 10, per: 'address' },
} as const satisfies Record<string, Limit>;
export type LimitName = keyof typeof LIMITS;

type Limiters = ReadonlyMap<LimitName, RateLimiterAbstract>;

/**
 * Counts acts against the table above; `LIMITS=off` lets everything pass. Several nodes count together in Redis, and
 * each for itself while that is away: a limit is then as often there as there are nodes, and never gone.
 */
@Injectable()
export class Limits {
  readonly #own: Limiters;
  readonly #shared: Limiters | undefined;
  readonly #on: boolean;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'LIMITS'>,
    @Inject(Redis) private readonly redis: Redis | null,
  ) {
    this.#on = config.LIMITS === 'on';
    this.#own = limiters((options) => new RateLimiterMemory(options));
    if (!redis) return;
    this.#shared = limiters((options, name) => {
      const insuranceLimiter = this.#own.get(name);
      return new RateLimiterRedis({
        ...options,
        storeClient: redis.commands,
        ...(insuranceLimiter && { insuranceLimiter }),
      });
    });
  }

  /** Counts one act; throws `rate_limited` with the time to wait when the bucket is empty. */
  async take(name: LimitName, key: string): Promise<void> {
    if (!this.#on) return;
    try {
      await this.#limiter(name).consume(key);
    } catch (refusal) {
      throw limited(refusal);
    }
  }

  /** Takes back one act that was counted but not done. */
  async giveBack(name: LimitName, key: string): Promise<void> {
    if (this.#on) await this.#limiter(name).reward(key);
  }

  /** Empties what was counted, for example when a password was right after all. */
  async forgive(name: LimitName, key: string): Promise<void> {
    if (this.#on) await this.#limiter(name).delete(key);
  }

  #limiter(name: LimitName): RateLimiterAbstract {
    // Where it is known to be away nobody waits for it to fail.
    const limiter = (this.redis?.isUp && this.#shared ? this.#shared : this.#own).get(name);
    if (!limiter) throw new Error(`No such limit: ${name}`);
    return limiter;
  }
}

type Options = ConstructorParameters<typeof RateLimiterMemory>[0];

function limiters(create: (options: Options, name: LimitName) => RateLimiterAbstract): Limiters {
  const entries = Object.entries(LIMITS).map(([key, { points, seconds }]) => {
    const name = key as LimitName;
    return [name, create({ keyPrefix: name, points, duration: seconds }, name)] as const;
  });
  return new Map(entries);
}

function limited(state: unknown): unknown {
  if (!(state instanceof RateLimiterRes)) return state;
  return new AppError('rate_limited', { retryAfterMs: Math.max(1, state.msBeforeNext) });
}
