import type {
  Login,
  Page,
  Profile,
  Register,
  ServerEvent,
  ServerPayload,
  Session,
  SignedIn,
  TokenPair,
} from '@parley/protocol';
import type { Call, PageOptions } from './api/call.js';
import { conversationsApi } from './api/conversations.js';
import { messagesApi } from './api/messages.js';
import { usersApi } from './api/users.js';
import type { BackoffOptions } from './backoff.js';
import type { StoreCache } from './cache/cache.js';
import { Connection, type ConnectionState, type StateChange } from './connection.js';
import { ParleyError } from './errors.js';
import { type HttpRequest, request } from './http.js';
import { PresenceWatch } from './live/presence.js';
import { Typing } from './live/typing.js';
import { memoryOutbox, type OutboxStorage } from './outbox/storage.js';
import { Sender } from './sender.js';
import { Store } from './store/store.js';
import { Tokens, type TokenStore } from './tokens.js';

export interface ParleyOptions {
  /** Address of the server, such as `https://chat.example.org`. */
  readonly url: string;
  /**
   * Where the sign-in outlives a reload; in memory unless given. With `'cookie'` the refresh token lies in a cookie that no
   * script can read, for pages that the server itself has sent.
   */
  readonly tokenStore?: TokenStore | 'cookie';
  readonly backoff?: BackoffOptions;
  /** Where messages of the store outlive a reload until they are sent; in memory unless given. */
  readonly outbox?: OutboxStorage;
  /** Where the store outlives a reload, so that the next one shows at once what this one has shown; nowhere unless given. */
  readonly cache?: StoreCache;
  /** Whether the store tells senders that messages have reached this device; it does unless switched off. */
  readonly marksDelivered?: boolean;
}

export interface LogoutOptions {
  /** Whether messages that the server does not have yet are given up; else they wait for this person to be back. */
  readonly discardsUnsent?: boolean;
}

/** Codes after which a fresh access token is worth one more try. */
const STALE: ReadonlySet<string> = new Set(['token_expired', 'session_ended', 'unauthenticated']);

/**
 * One person's client: REST calls, one realtime connection, and sends that arrive once.
 * @example
 * const alice = new Parley({ url: 'http://localhost:3000' });
 * await alice.auth.login({ login: 'alice', password });
 * alice.on('new_message', (message) => console.log(message.content));
 * await alice.connect();
 * await alice.messages.send(conversationId, 'Hello!');
 */
export class Parley {
  readonly #url: string;
  readonly #isCookieSession: boolean;
  readonly #tokens: Tokens;
  readonly #connection: Connection;
  readonly #sender: Sender;
  #store: Store | undefined;

  constructor(private readonly options: ParleyOptions) {
    this.#url = options.url.replace(/\/+$/, '');
    const backoff = options.backoff ?? {};
    this.#isCookieSession = options.tokenStore === 'cookie';
    this.#tokens = new Tokens(options.tokenStore, (refreshToken) => {
      const body = this.#isCookieSession ? {} : { refreshToken };
      return request<TokenPair>(this.#url, this.#aboutSession('/auth/refresh', body));
    });
    this.#connection = new Connection(this.#url, this.#tokens, backoff);
    this.#sender = new Sender(this.#connection, backoff);
    this.typing = new Typing(this.#connection);
    this.presence = new PresenceWatch(this.#connection);
  }

  /** Calls as the person signed in; once more with a fresh token when the one at hand was turned down. */
  readonly #call: Call = async <T>(call: Parameters<Call>[0]): Promise<T> => {
    const token = await this.#tokens.access();
    try {
      return await request<T>(this.#url, { ...call, token });
    } catch (error) {
      if (!(error instanceof ParleyError) || !STALE.has(error.code)) throw error;
      return request<T>(this.#url, { ...call, token: await this.#tokens.access(token) });
    }
  };

  readonly auth = {
    /** Opens an account and signs in to it. */
    register: (input: Register): Promise<Profile> => this.#signIn('/auth/register', input),
    login: (input: Login): Promise<Profile> => this.#signIn('/auth/login', input),
    /**
     * Ends this session on the server and forgets its tokens, even when the server cannot be reached. A cookie only the
     * server can take back: then it rejects with `unreachable`, and this client is still signed in.
     */
    logout: async (options: LogoutOptions = {}): Promise<void> => {
      if (this.#isCookieSession) return this.#endCookieSession(options);
      this.disconnect();
      try {
        await this.#call(this.#aboutSession('/auth/logout'));
      } finally {
        await this.#forget(options);
      }
    },
    forgot: (email: string): Promise<void> =>
      request(this.#url, { method: 'POST', path: '/auth/forgot', body: { email } }),
    reset: (token: string, password: string): Promise<void> =>
      request(this.#url, { method: 'POST', path: '/auth/reset', body: { token, password } }),
    sessions: (page: PageOptions = {}): Promise<Page<Session>> =>
      this.#call({ method: 'GET', path: '/auth/sessions', query: { ...page } }),
    endSession: (id: string): Promise<void> => this.#call({ method: 'DELETE', path: `/auth/sessions/${id}` }),
    isSignedIn: (): Promise<boolean> => this.#tokens.isSignedIn(),
  };

  readonly users = usersApi(this.#call);
  readonly conversations = conversationsApi(this.#call);
  readonly messages = messagesApi(this.#call, (message) => this.#sender.send(message));

  readonly typing: Typing;
  readonly presence: PresenceWatch;

  /** Everything this person sees, kept up to date; begins to work, and to cost something, when it is first asked for. */
  get store(): Store {
    this.#store ??= new Store({
      call: this.#call,
      connection: this.#connection,
      sender: this.#sender,
      outbox: this.options.outbox ?? memoryOutbox(),
      cache: this.options.cache,
      backoff: this.options.backoff ?? {},
      marksDelivered: this.options.marksDelivered ?? true,
      schedule: (work, ms) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    });
    return this.#store;
  }

  /** Brings the store up to date; it does so by itself at every start, connection and gap. */
  sync(): Promise<void> {
    return this.store.sync();
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Opens the realtime connection and keeps it open; resolves the first time it stands. */
  connect(): Promise<void> {
    return this.#connection.connect();
  }

  disconnect(): void {
    this.#connection.disconnect();
  }

  /** Makes the next attempt to connect at once, where one is waited for: the network is back, or somebody asks. */
  reconnect(): void {
    this.#connection.reconnect();
  }

  /** Listens to an event of the server; the returned function stops it. */
  on<E extends ServerEvent>(event: E, listener: (payload: ServerPayload<E>) => void): () => void;
  /** Listens to changes of the connection's state. */
  on(event: 'state', listener: (change: StateChange) => void): () => void;
  on(event: ServerEvent | 'state', listener: (payload: never) => void): () => void {
    return this.#connection.on(event, listener as (payload: unknown) => void);
  }

  /** The store where it has something to forget: in memory, or kept of an earlier visit. */
  get #kept(): Store | undefined {
    return this.options.cache ? this.store : this.#store;
  }

  async #endCookieSession(options: LogoutOptions): Promise<void> {
    try {
      await this.#call(this.#aboutSession('/auth/logout'));
    } catch (error) {
      // Anything but "not now" means that there is no such session any more.
      if (!(error instanceof ParleyError) || error.retryable) throw error;
    }
    this.disconnect();
    await this.#forget(options);
  }

  async #forget({ discardsUnsent = false }: LogoutOptions): Promise<void> {
    await this.#tokens.set(null);
    if (discardsUnsent) await this.#kept?.discardUnsent();
    this.#sender.abandon();
    await this.#kept?.become(null);
  }

  #aboutSession(path: string, body?: unknown): HttpRequest {
    return { method: 'POST', path, body, isCookieSession: this.#isCookieSession };
  }

  async #signIn(path: string, body: Register | Login): Promise<Profile> {
    const { user, ...tokens } = await request<SignedIn>(this.#url, this.#aboutSession(path, body));
    await this.#tokens.set(tokens);
    await this.#kept?.become(user);
    return user;
  }
}
