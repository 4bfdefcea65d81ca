import type { ClientInput, Sent } from '@parley/protocol';
import { backoff, type BackoffOptions } from './backoff.js';
import type { Connection } from './connection.js';
import { ParleyError } from './errors.js';

type Draft = ClientInput<'send_message'>;

interface Pending {
  readonly draft: Draft;
  readonly resolve: (sent: Sent) => void;
  readonly reject: (error: ParleyError) => void;
  inFlight: boolean;
  attempt: number;
}

/** An acknowledgement that has not come by now is asked for again, in ms. */
const ACK_TIMEOUT = 10_000;

/** 128 random bits: no two messages a client means to send share it. */
export function newClientMessageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends each message until the server has it, always under the same `clientMessageId`, so that however often it is
 * tried it is stored once. What is still open goes out again in the order in which it was sent: after a reconnect all of
 * it, after a refusal that may pass (`rate_limited`, `overloaded`) that of the one conversation, which waits meanwhile.
 */
export class Sender {
  /** In the order of sending; whatever is tried again keeps its place. */
  readonly #pending = new Map<string, Pending>();
  readonly #held = new Set<string>();

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
  send(draft: Draft): Promise<Sent> {
    return new Promise((resolve, reject) => {
      const key = `${draft.conversationId} ${draft.clientMessageId}`;
      if (this.#pending.has(key)) {
        reject(new ParleyError('closed', 'A message with this clientMessageId is being sent already'));
        return;
      }
      const pending: Pending = { draft, resolve, reject, inFlight: false, attempt: 0 };
      this.#pending.set(key, pending);
      this.#tryIfOpen(key, pending);
    });
  }

  #flush(): void {
    for (const [key, pending] of this.#pending) this.#tryIfOpen(key, pending);
  }

  #tryIfOpen(key: string, pending: Pending): void {
    const mayGo = !pending.inFlight && !this.#held.has(pending.draft.conversationId);
    if (mayGo && this.connection.state === 'connected') void this.#try(key, pending);
  }

  async #try(key: string, pending: Pending): Promise<void> {
    pending.inFlight = true;
    try {
      const sent = await this.connection.request('send_message', pending.draft, ACK_TIMEOUT);
      this.#pending.delete(key);
      pending.resolve(sent);
    } catch (thrown) {
      pending.inFlight = false;
      const error = thrown instanceof ParleyError ? thrown : new ParleyError('unreachable', String(thrown));
      if (error.retryable) {
        this.#holdConversation(pending, error);
        return;
      }
      this.#pending.delete(key);
      pending.reject(error);
    }
  }

  #holdConversation(pending: Pending, error: ParleyError): void {
    pending.attempt += 1;
    const { conversationId } = pending.draft;
    // Without a connection the next one flushes everything in order; a timer would only disturb that.
    if (this.connection.state !== 'connected' || this.#held.has(conversationId)) return;
    this.#held.add(conversationId);
    setTimeout(
      () => {
        this.#held.delete(conversationId);
        this.#flush();
      },
      error.retryAfterMs ?? backoff(pending.attempt, this.options),
    );
  }

  #fail(error: ParleyError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
