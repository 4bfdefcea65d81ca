import type { TokenPair } from '@parley/protocol';
import { ParleyError } from './errors.js';

/** What is kept of a sign-in: the pair, and when its access token stops working (ms since 1970, by this machine's clock). */
export interface StoredTokens extends TokenPair {
  readonly expiresAt: number;
}

/** Where tokens outlive a reload. In memory unless the application gives another place. */
export interface TokenStore {
  load(): StoredTokens | null | Promise<StoredTokens | null>;
  save(tokens: StoredTokens | null): void | Promise<void>;
}

/** Refreshed this long before the end, so that a token does not expire on its way: in ms, and never more than a part. */
const EARLY = 10_000;
const EARLY_PART = 0.1;

/** Holds the tokens of one sign-in and renews them, once at a time however many ask. */
export class Tokens {
  #current: StoredTokens | null = null;
  #loading: Promise<void> | undefined;
  #refreshing: Promise<StoredTokens> | undefined;

  constructor(
    private readonly store: TokenStore | 'cookie' | undefined,
    private readonly exchange: (refreshToken: string) => Promise<TokenPair>,
  ) {}

  /**
   * Whether someone is signed in, as far as this client knows. What a cookie holds only the server can say: rejects with
   * `unreachable` while it cannot be asked.
   */
  async isSignedIn(): Promise<boolean> {
    await this.#load();
    return this.#current !== null;
  }

  async set(pair: TokenPair | null): Promise<void> {
    this.#current = pair && { ...pair, expiresAt: Date.now() + pair.expiresIn * 1_000 };
    this.#loading = Promise.resolve();
    if (this.store !== 'cookie') await this.store?.save(this.#current);
  }

  /** An access token that should be good; `refused` is one the server has just turned down. */
  async access(refused?: string): Promise<string> {
    await this.#load();
    const tokens = this.#current;
    if (!tokens) throw new ParleyError('unauthenticated', 'Nobody is signed in');
    const early = Math.min(EARLY, tokens.expiresIn * 1_000 * EARLY_PART);
    const isStale = tokens.accessToken === refused || tokens.expiresAt - early <= Date.now();
    if (!isStale) return tokens.accessToken;
    this.#refreshing ??= this.#refresh(tokens).finally(() => {
      this.#refreshing = undefined;
    });
    return (await this.#refreshing).accessToken;
  }

  async #refresh({ refreshToken }: StoredTokens): Promise<StoredTokens> {
    try {
      await this.set(await this.exchange(refreshToken));
    } catch (error) {
      // Only the server's own word ends a sign-in; a network that is away does not.
      if (error instanceof ParleyError && error.code === 'invalid_refresh_token') await this.set(null);
      throw error;
    }
    if (!this.#current) throw new ParleyError('session_ended', 'Signed out meanwhile');
    return this.#current;
  }

  #load(): Promise<void> {
    this.#loading ??= this.#restore().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #restore(): Promise<void> {
    if (this.store !== 'cookie') {
      this.#current = (await this.store?.load()) ?? null;
      return;
    }
    try {
      await this.set(await this.exchange(''));
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'invalid_refresh_token') throw error;
      this.#current = null;
    }
  }
}
