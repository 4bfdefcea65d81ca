import type { ClientInput, Sent } from '@parley/protocol';
import { backoff, type BackoffOptions } from './backoff.js';
import type { Connection } from './connection.js';
import { ParleyError } from './errors.js';

/** A message as it goes out. */
export type Outgoing = ClientInput<'send_message'>;

interface Pending {
  readonly message: Outgoing;
  readonly resolve: (sent: Sent) => void;
  readonly reject: (error: ParleyError) => void;
  inFlight: boolean;
  attempt: number;
}

/** What keeps the sends of one conversation back for a while after one of them was refused. */
interface Brake {
  /** How many may be on their way at once. */
  width: number;
  inFlight: number;
  isHeld: boolean;
}

/** An acknowledgement that has not come by now is asked for again, in ms. */
const ACK_TIMEOUT = 10_000;
/** A conversation that has got this many through at once flows freely again. */
const FREE_FLOW = 256;

/** 128 random bits: no two messages a client means to send share it. */
export function newClientMessageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends each message until the server has it, always under the same `clientMessageId`, so that however often it is
 * tried it is stored once. What is still open goes out again in the order in which it was sent: after a reconnect all of
 * it, after a refusal that may pass (`slow_mode`, `rate_limited`, `overloaded`) that of the one conversation, which waits
 * meanwhile.
 *
 * Messages of a conversation are stored in the order in which they were sent, with one exception: those that were on
 * their way already when an earlier one was refused for now may be taken, and then come before it. Waiting for each
 * acknowledgement would rule that out and cost most of the throughput; instead the first refusal narrows the conversation
 * to one message at a time, and each one that gets through widens it again, so that it does not happen over and over.
 */
export class Sender {
  /** In the order of sending; whatever is tried again keeps its place. */
  readonly #pending = new Map<string, Pending>();
  /** Conversations in which something was refused lately. */
  readonly #brakes = new Map<string, Brake>();

  constructor(
    private readonly connection: Connection,
    private readonly options: BackoffOptions,
  ) {
    connection.on('state', ({ state, error }) => {
      if (state === 'connected') this.#flush();
      else if (state === 'disconnected' && error) this.#fail(error);
    });
  }

  /** Resolves once the message is on the server's disk; waits for a connection as long as it takes. */
  send(message: Outgoing): Promise<Sent> {
    return new Promise((resolve, reject) => {
      const key = `${message.conversationId} ${message.clientMessageId}`;
      if (this.#pending.has(key)) {
        reject(new ParleyError('closed', 'A message with this clientMessageId is being sent already'));
        return;
      }
      const pending: Pending = { message, resolve, reject, inFlight: false, attempt: 0 };
      this.#pending.set(key, pending);
      this.#tryIfOpen(key, pending);
    });
  }

  /** Gives up what waits: whoever is signed in from now on has not written it. */
  abandon(): void {
    this.#fail(new ParleyError('closed', 'Signed out before this was sent'));
  }

  #flush(): void {
    for (const [key, pending] of this.#pending) this.#tryIfOpen(key, pending);
  }

  #tryIfOpen(key: string, pending: Pending): void {
    if (pending.inFlight || this.connection.state !== 'connected') return;
    const brake = this.#brakes.get(pending.message.conversationId);
    if (brake && (brake.isHeld || brake.inFlight >= brake.width)) return;
    void this.#try(key, pending);
  }

  async #try(key: string, pending: Pending): Promise<void> {
    pending.inFlight = true;
    const brake = this.#brakes.get(pending.message.conversationId);
    if (brake) brake.inFlight += 1;
    try {
      const sent = await this.connection.request('send_message', pending.message, ACK_TIMEOUT);
      this.#pending.delete(key);
      pending.resolve(sent);
      if (brake) this.#widen(pending.message.conversationId, brake);
    } catch (thrown) {
      pending.inFlight = false;
      if (brake) brake.inFlight -= 1;
      const error = thrown instanceof ParleyError ? thrown : new ParleyError('unreachable', String(thrown));
      if (error.retryable) {
        this.#brake(pending, error);
        return;
      }
      this.#pending.delete(key);
      pending.reject(error);
      if (brake) this.#flush();
    }
  }

  #brake(pending: Pending, error: ParleyError): void {
    pending.attempt += 1;
    // Without a connection the next one flushes everything in order; a timer would only disturb that.
    if (this.connection.state !== 'connected') return;
    const { conversationId } = pending.message;
    const brake = this.#brakes.get(conversationId) ?? { width: 1, inFlight: 0, isHeld: false };
    this.#brakes.set(conversationId, brake);
    brake.width = 1;
    if (brake.isHeld) return;
    brake.isHeld = true;
    setTimeout(
      () => {
        brake.isHeld = false;
        this.#flush();
      },
      error.retryAfterMs ?? backoff(pending.attempt, this.options),
    );
  }

  #widen(conversationId: string, brake: Brake): void {
    brake.inFlight -= 1;
    brake.width *= 2;
    if (brake.width > FREE_FLOW) this.#brakes.delete(conversationId);
    this.#flush();
  }

  #fail(error: ParleyError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
