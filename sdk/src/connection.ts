import {
  type Ack,
  type AckData,
  type ClientEvent,
  type ClientInput,
  type ClientToServer,
  type ErrorCode,
  FRAME_CEILING,
  NAMESPACE,
  type ServerEvent,
  type ServerPayload,
  type ServerToClient,
} from '@parley/protocol';
import { io, type Socket } from 'socket.io-client';
import { backoff, type BackoffOptions } from './backoff.js';
import { Emitter } from './emitter.js';
import { fromAck, ParleyError } from './errors.js';
import type { Tokens } from './tokens.js';

/** Where a connection stands. */
export type ConnectionState = 'disconnected' | 'connecting' | 'connected';

/**
 * A change of state and why; `error` is there when the connection was refused for good, `retryAt` (ms since 1970) while
 * it is waited for the next attempt.
 */
export interface StateChange {
  readonly state: ConnectionState;
  readonly reason: string;
  readonly retryAt?: number;
  readonly error?: ParleyError;
}

type Events = { [E in ServerEvent]: ServerPayload<E> } & { state: StateChange };
type ParleySocket = Socket<ServerToClient, ClientToServer>;

/** Refusals that a fresh access token may cure. */
const CURABLE: ReadonlySet<string> = new Set(['token_expired', 'unauthenticated', 'session_ended']);
/** A connection that lives this long counts as good: the next back-off begins anew. In ms. */
const STABLE = 5_000;
const CONNECT_TIMEOUT = 10_000;
/** What a frame holds beside the event's name and payload is less than this, in bytes. */
const ENVELOPE = 256;

/** Whether the server would not read this and cut the connection, now and whenever it was tried again. */
function isTooLarge(event: string, payload: unknown): boolean {
  const json = JSON.stringify([event, payload]);
  // A unit of UTF-16 has three bytes at most in UTF-8.
  if (json.length * 3 + ENVELOPE <= FRAME_CEILING) return false;
  return new TextEncoder().encode(json).length + ENVELOPE > FRAME_CEILING;
}

/**
 * Keeps one socket to the server for as long as it is wanted: three states, every change told with its reason, lost
 * connections sought again after a jittered back-off, tokens renewed on the way.
 */
export class Connection extends Emitter<Events> {
  #state: ConnectionState = 'disconnected';
  #socket: ParleySocket | undefined;
  #wanted = false;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isWaiting = false;
  #stable: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly tokens: Tokens,
    private readonly options: BackoffOptions,
  ) {
    super();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Resolves once connected; rejects when the server refuses for good or `disconnect` is called. */
  connect(): Promise<void> {
    if (this.#state === 'connected') return Promise.resolve();
    const connected = new Promise<void>((resolve, reject) => {
      const stop = this.on('state', ({ state, reason, error }) => {
        if (state === 'connecting') return;
        stop();
        if (state === 'connected') resolve();
        else reject(error ?? new ParleyError('closed', reason));
      });
    });
    this.#wanted = true;
    if (this.#state === 'disconnected') void this.#open('asked to connect');
    return connected;
  }

  disconnect(reason = 'asked to disconnect'): void {
    this.#giveUp(reason);
  }

  /** Makes the next attempt at once where one is waited for. */
  reconnect(): void {
    if (!this.#isWaiting) return;
    clearTimeout(this.#retry);
    void this.#open('asked to try now');
  }

  /**
   * Emits one event and waits for its acknowledgement. Rejects with `unreachable` when none comes within `timeoutMs`, and
   * with `payload_too_large` when it is more than the server reads.
   */
  async request<E extends ClientEvent>(event: E, payload: ClientInput<E>, timeoutMs: number): Promise<AckData<E>> {
    const socket = this.#socket;
    if (!socket?.connected) throw new ParleyError('unreachable', 'Not connected');
    if (isTooLarge(event, payload)) throw new ParleyError('payload_too_large', 'This is more than the server reads');
    const answer = await new Promise<Ack<AckData<E>>>((resolve, reject) => {
      const lost = () => finish(() => reject(new ParleyError('unreachable', 'The connection was lost')));
      const timer = setTimeout(
        () => finish(() => reject(new ParleyError('unreachable', 'No acknowledgement in time'))),
        timeoutMs,
      );
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        socket.off('disconnect', lost);
        settle();
      };
      socket.on('disconnect', lost);
      const emit = socket.emit.bind(socket) as (
        event: string,
        payload: unknown,
        ack: (answer: Ack<AckData<E>>) => void,
      ) => void;
      emit(event, payload, (received) => finish(() => resolve(received)));
    });
    if (!answer.ok) throw fromAck(answer);
    return answer.data;
  }

  async #open(reason: string): Promise<void> {
    this.#isWaiting = false;
    this.#become({ state: 'connecting', reason });
    let token: string;
    try {
      token = await this.tokens.access();
    } catch (error) {
      this.#refused(error instanceof ParleyError ? error : new ParleyError('unreachable', String(error)));
      return;
    }
    if (this.#wanted) this.#dial(token);
  }

  #dial(token: string): void {
    const socket: ParleySocket = io(this.url + NAMESPACE, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#stable = setTimeout(() => {
        this.#attempt = 0;
      }, STABLE);
      this.#become({ state: 'connected', reason: 'connected' });
    });
    socket.on('connect_error', (error) => {
      const { code, retryAfterMs } =
        (error as Error & { data?: { code?: ErrorCode; retryAfterMs?: number } }).data ?? {};
      this.#drop();
      if (code && CURABLE.has(code)) void this.#renew(token, code);
      else this.#refused(new ParleyError(code ?? 'unreachable', error.message, { retryAfterMs }));
    });
    socket.on('disconnect', (why) => {
      // What we closed ourselves has been dealt with by whoever closed it.
      if (this.#socket !== socket) return;
      this.#drop();
      this.#retryIn(backoff(this.#attempt, this.options), `connection lost: ${why}`);
    });
    socket.on('session_revoked', ({ reason }) => {
      this.#giveUp(`session ended: ${reason}`, new ParleyError('session_ended', `This session has ended: ${reason}`));
    });
    socket.on('server_draining', ({ reconnectInMs }) => {
      this.#drop();
      this.#retryIn(reconnectInMs, 'server is stopping');
    });
    socket.onAny((event: string, payload: unknown) => this.emit(event as ServerEvent, payload as never));
  }

  /** The server turned the token down: with a newer one it may let us in, without one it never will. */
  async #renew(refused: string, code: ErrorCode): Promise<void> {
    try {
      await this.tokens.access(refused);
      this.#retryIn(backoff(this.#attempt, this.options), code);
    } catch (error) {
      this.#refused(error instanceof ParleyError ? error : new ParleyError('unreachable', String(error)));
    }
  }

  #refused(error: ParleyError): void {
    if (!this.#wanted) return;
    if (error.retryable) this.#retryIn(error.retryAfterMs ?? backoff(this.#attempt, this.options), error.message);
    else this.#giveUp(error.message, error);
  }

  #retryIn(ms: number, reason: string): void {
    if (!this.#wanted) return;
    this.#attempt += 1;
    clearTimeout(this.#retry);
    this.#isWaiting = true;
    this.#retry = setTimeout(() => void this.#open('trying again'), ms);
    this.#become({ state: 'connecting', reason, retryAt: Date.now() + ms });
  }

  #giveUp(reason: string, error?: ParleyError): void {
    this.#wanted = false;
    this.#attempt = 0;
    this.#isWaiting = false;
    clearTimeout(this.#retry);
    this.#drop();
    this.#become({ state: 'disconnected', reason, ...(error && { error }) });
  }

  #drop(): void {
    clearTimeout(this.#stable);
    const socket = this.#socket;
    this.#socket = undefined;
    // Listeners of requests in flight must still hear of the end; ours must not.
    socket?.removeAllListeners('connect').removeAllListeners('connect_error').offAny();
    socket?.disconnect();
  }

  #become(change: StateChange): void {
    if (change.state === this.#state && change.state !== 'connecting') return;
    this.#state = change.state;
    this.emit('state', change);
  }
}
