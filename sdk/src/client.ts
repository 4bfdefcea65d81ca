import type {
  Conversation,
  CreateConversation,
  DeleteProfile,
  Login,
  MarkRead,
  Message,
  MessagePage,
  Metadata,
  Page,
  Participant,
  ParticipantList,
  Profile,
  ReadMark,
  Register,
  Role,
  Sent,
  ServerEvent,
  ServerPayload,
  Session,
  SetStatus,
  SignedIn,
  TokenPair,
  UpdateConversation,
  UpdateProfile,
  User,
} from '@parley/protocol';
import type { BackoffOptions } from './backoff.js';
import { Connection, type ConnectionState, type StateChange } from './connection.js';
import { ParleyError } from './errors.js';
import { type HttpRequest, request } from './http.js';
import { newClientMessageId, Sender } from './sender.js';
import { Tokens, type TokenStore } from './tokens.js';

export interface ParleyOptions {
  /** Address of the server, such as `https://chat.example.org`. */
  readonly url: string;
  /** Where the sign-in outlives a reload; in memory unless given. */
  readonly tokenStore?: TokenStore;
  readonly backoff?: BackoffOptions;
}

/** Which page of a list. */
export interface PageOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Which stretch of a conversation; at most one of the three positions. */
export interface HistoryOptions {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit?: number;
}

/** What may go with a text. */
export interface SendOptions {
  /** Made anew for each message unless given; the same one again is the same message. */
  readonly clientMessageId?: string;
  readonly metadata?: Metadata;
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
  readonly #tokens: Tokens;
  readonly #connection: Connection;
  readonly #sender: Sender;

  constructor(options: ParleyOptions) {
    this.#url = options.url.replace(/\/+$/, '');
    const backoff = options.backoff ?? {};
    this.#tokens = new Tokens(options.tokenStore, (refreshToken) =>
      request<TokenPair>(this.#url, { method: 'POST', path: '/auth/refresh', body: { refreshToken } }),
    );
    this.#connection = new Connection(this.#url, this.#tokens, backoff);
    this.#sender = new Sender(this.#connection, backoff);
  }

  readonly auth = {
    /** Opens an account and signs in to it. */
    register: (input: Register): Promise<Profile> => this.#signIn('/auth/register', input),
    login: (input: Login): Promise<Profile> => this.#signIn('/auth/login', input),
    /** Ends this session on the server and forgets its tokens, even when the server cannot be reached. */
    logout: async (): Promise<void> => {
      this.disconnect();
      try {
        await this.#call({ method: 'POST', path: '/auth/logout' });
      } finally {
        await this.#tokens.set(null);
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

  readonly users = {
    profile: (): Promise<Profile> => this.#call({ method: 'GET', path: '/users/profile' }),
    updateProfile: (body: UpdateProfile): Promise<Profile> =>
      this.#call({ method: 'PUT', path: '/users/profile', body }),
    deleteAccount: (body: DeleteProfile): Promise<void> =>
      this.#call({ method: 'DELETE', path: '/users/profile', body }),
    setStatus: (body: SetStatus): Promise<Profile> => this.#call({ method: 'PUT', path: '/users/status', body }),
    search: (q: string, page: PageOptions = {}): Promise<Page<User>> =>
      this.#call({ method: 'GET', path: '/users/search', query: { q, ...page } }),
    get: (id: string): Promise<User> => this.#call({ method: 'GET', path: `/users/${id}` }),
  };

  readonly conversations = {
    list: (page: PageOptions = {}): Promise<Page<Conversation>> =>
      this.#call({ method: 'GET', path: '/conversations', query: { ...page } }),
    get: (id: string): Promise<Conversation> => this.#call({ method: 'GET', path: `/conversations/${id}` }),
    create: (body: CreateConversation): Promise<Conversation> =>
      this.#call({ method: 'POST', path: '/conversations', body }),
    /** The direct conversation with this person; begun if there is none yet. */
    direct: (userId: string): Promise<Conversation> =>
      this.#call({ method: 'POST', path: '/conversations', body: { type: 'direct', participantIds: [userId] } }),
    update: (id: string, body: UpdateConversation): Promise<Conversation> =>
      this.#call({ method: 'PUT', path: `/conversations/${id}`, body }),
    leave: (id: string): Promise<void> => this.#call({ method: 'POST', path: `/conversations/${id}/leave` }),
    participants: (id: string, page: PageOptions = {}): Promise<Page<Participant>> =>
      this.#call({ method: 'GET', path: `/conversations/${id}/participants`, query: { ...page } }),
    add: async (id: string, userIds: readonly string[]): Promise<Participant[]> => {
      const path = `/conversations/${id}/participants`;
      return (await this.#call<ParticipantList>({ method: 'POST', path, body: { userIds } })).items;
    },
    remove: (id: string, userId: string): Promise<void> =>
      this.#call({ method: 'DELETE', path: `/conversations/${id}/participants/${userId}` }),
    changeRole: (id: string, userId: string, role: Role): Promise<Participant> =>
      this.#call({ method: 'PUT', path: `/conversations/${id}/participants/${userId}`, body: { role } }),
  };

  readonly messages = {
    /** Resolves once the text is on the server's disk. Tries until then, under one `clientMessageId`. */
    send: (conversationId: string, content: string, options: SendOptions = {}): Promise<Sent> =>
      this.#sender.send({
        conversationId,
        content,
        clientMessageId: options.clientMessageId ?? newClientMessageId(),
        ...(options.metadata && { metadata: options.metadata }),
      }),
    /** Sends over REST, for programs that hold no connection; try again with the same id after an error. */
    post: (conversationId: string, content: string, options: SendOptions = {}): Promise<Message> =>
      this.#call({
        method: 'POST',
        path: '/messages',
        body: { conversationId, content, clientMessageId: newClientMessageId(), ...options },
      }),
    history: (conversationId: string, stretch: HistoryOptions = {}): Promise<MessagePage> =>
      this.#call({ method: 'GET', path: `/messages/${conversationId}`, query: { ...stretch } }),
    markRead: (body: MarkRead): Promise<ReadMark> => this.#call({ method: 'POST', path: '/messages/mark-read', body }),
  };

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

  /** Listens to an event of the server; the returned function stops it. */
  on<E extends ServerEvent>(event: E, listener: (payload: ServerPayload<E>) => void): () => void;
  /** Listens to changes of the connection's state. */
  on(event: 'state', listener: (change: StateChange) => void): () => void;
  on(event: ServerEvent | 'state', listener: (payload: never) => void): () => void {
    return this.#connection.on(event, listener as (payload: unknown) => void);
  }

  async #signIn(path: string, body: Register | Login): Promise<Profile> {
    const { user, ...tokens } = await request<SignedIn>(this.#url, { method: 'POST', path, body });
    await this.#tokens.set(tokens);
    return user;
  }

  /** Calls as the person signed in; once more with a fresh token when the one at hand was turned down. */
  async #call<T>(call: Omit<HttpRequest, 'token'>): Promise<T> {
    const token = await this.#tokens.access();
    try {
      return await request<T>(this.#url, { ...call, token });
    } catch (error) {
      if (!(error instanceof ParleyError) || !STALE.has(error.code)) throw error;
      return request<T>(this.#url, { ...call, token: await this.#tokens.access(token) });
    }
  }
}
