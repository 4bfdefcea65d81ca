import type { Sent } from '@parley/protocol';
import type { Connection } from '../connection.js';
import { type ClientErrorCode, ParleyError } from '../errors.js';
import type { Outgoing } from '../sender.js';
import { keyOf, type OutboxAction } from '../store/outbox.js';
import type { OutboxEntry } from '../store/state.js';
import type { OutboxStorage, StoredMessage } from './storage.js';

interface Parts {
  readonly storage: OutboxStorage;
  readonly connection: Pick<Connection, 'on'>;
  readonly send: (message: Outgoing) => Promise<Sent>;
  readonly dispatch: (action: OutboxAction) => void;
}

/** What says nothing of the message, only that it cannot be sent for now. */
const PASSING: ReadonlySet<ClientErrorCode> = new Set([
  'closed',
  'unreachable',
  'unauthenticated',
  'token_expired',
  'session_ended',
  'invalid_refresh_token',
]);

/**
 * Messages from when somebody wants to send them until the server has them. Each is shown at once, kept where it outlives
 * a reload, and sent under the same `clientMessageId` until it is acknowledged, or refused for good and shown as failed.
 */
export class Outbox {
  readonly #items = new Map<string, StoredMessage>();
  /** Those that are to be sent anew when there is a connection again. */
  readonly #stranded = new Set<string>();
  #order = 0;
  #userId = '';
  /** Whether it is certain that this person is signed in, so that what is sent goes out in their name. */
  #isCertain = false;
  #opening: Promise<void> = Promise.resolve();
  /** What is sent anew comes after what was left over. */
  #ready: Promise<void>;
  #open: () => void = () => undefined;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: Parts) {
    this.#ready = new Promise((resolve) => (this.#open = resolve));
    parts.connection.on('state', ({ state }) => {
      if (state === 'connected') this.#sendStranded();
    });
  }

  /** Shows what is left of this person's messages from before, and keeps what is new; nothing is sent yet. */
  open(userId: string): Promise<void> {
    if (this.#userId === userId) return this.#opening;
    this.close();
    this.#userId = userId;
    this.#opening = this.#restore(userId);
    return this.#opening;
  }

  /** Sends what is left of this person's messages from before, in the order of then, and what is new. */
  async start(userId: string): Promise<void> {
    await this.open(userId);
    if (this.#userId !== userId) return;
    this.#isCertain = true;
    this.#sendStranded();
  }

  /** Nobody is signed in: what is still to be sent stays where it is kept, and what is new waits for who comes. */
  close(): void {
    if (this.#userId === '') return;
    this.#ready = new Promise((resolve) => (this.#open = resolve));
    this.#userId = '';
    this.#isCertain = false;
    this.#items.clear();
    this.#stranded.clear();
  }

  async #restore(userId: string): Promise<void> {
    const left = (await this.parts.storage.load().catch(() => []))
      .filter((item) => item.userId === userId)
      .sort((a, b) => a.order - b.order);
    if (this.#userId !== userId) return;
    for (const item of left) this.#items.set(item.key, item);
    this.#order = left.at(-1)?.order ?? 0;
    this.parts.dispatch({ type: 'restored', entries: left.map(toEntry) });
    for (const { key, error } of left) if (!error) this.#send(key);
    this.#open();
  }

  /** Shows a message as being sent, and sends it. */
  add(message: Outgoing): void {
    const queuedAt = new Date().toISOString();
    this.parts.dispatch({ type: 'queued', entry: { message, queuedAt, state: 'sending' } });
    void this.#ready.then(() => {
      this.#order = Math.max(this.#order + 1, Date.now());
      const key = `${this.#userId} ${keyOf(message)}`;
      this.#keep({ key, userId: this.#userId, order: this.#order, message, queuedAt });
      this.#send(key);
    });
  }

  /** Sends a message once more that the server has refused. */
  retry(message: Pick<Outgoing, 'conversationId' | 'clientMessageId'>): void {
    const item = this.#failed(message);
    if (!item) return;
    const { error: _, ...anew } = item;
    this.#keep(anew);
    this.parts.dispatch({ type: 'retried', key: keyOf(message) });
    this.#send(item.key);
  }

  /** Gives up a message that the server has refused. */
  discard(message: Pick<Outgoing, 'conversationId' | 'clientMessageId'>): void {
    const item = this.#failed(message);
    if (!item) return;
    this.#forget(item.key);
    this.parts.dispatch({ type: 'discarded', key: keyOf(message) });
  }

  /** Gives up all that is left of this person's messages, also what another page of theirs has added. */
  async discardAll(): Promise<void> {
    const userId = this.#userId;
    await this.saved();
    const left = (await this.parts.storage.load().catch(() => [])).filter((item) => item.userId === userId);
    for (const { key, message } of [...left, ...this.#items.values()]) {
      this.#forget(key);
      this.parts.dispatch({ type: 'discarded', key: keyOf(message) });
    }
    await this.saved();
  }

  /** Resolves once all that has happened so far is kept. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  #failed(message: Pick<Outgoing, 'conversationId' | 'clientMessageId'>): StoredMessage | undefined {
    const item = this.#items.get(`${this.#userId} ${keyOf(message)}`);
    return item?.error && item;
  }

  #sendStranded(): void {
    if (!this.#isCertain) return;
    const stranded = [...this.#stranded];
    this.#stranded.clear();
    for (const key of stranded) this.#send(key);
  }

  #send(key: string): void {
    const item = this.#items.get(key);
    if (!item) return;
    if (!this.#isCertain) {
      this.#stranded.add(key);
      return;
    }
    const { message } = item;
    this.parts.send(message).then(
      (sent) => {
        this.#forget(key);
        this.parts.dispatch({ type: 'sent', key: keyOf(message), sent });
      },
      (thrown: unknown) => {
        // It was given up meanwhile.
        if (!this.#items.has(key)) return;
        const error = thrown instanceof ParleyError ? thrown : new ParleyError('closed', String(thrown));
        if (PASSING.has(error.code)) {
          this.#stranded.add(key);
          return;
        }
        const [field] = error.errors;
        const reason = { code: error.code, message: error.message, ...(field && { path: field.path }) };
        this.#keep({ ...item, error: reason });
        this.parts.dispatch({ type: 'failed', key: keyOf(message), error: reason });
      },
    );
  }

  /**
   * Kept beside the sending, not before it: a message that was sent and not kept is on the server. One after the other,
   * so that what is forgotten stays so. Without its storage the outbox still works until the next reload.
   */
  #keep(item: StoredMessage): void {
    this.#items.set(item.key, item);
    this.#saving = this.#saving.then(() => this.parts.storage.put(item)).catch(() => undefined);
  }

  #forget(key: string): void {
    this.#items.delete(key);
    this.#saving = this.#saving.then(() => this.parts.storage.remove(key)).catch(() => undefined);
  }
}

const toEntry = ({ message, queuedAt, error }: StoredMessage): OutboxEntry =>
  error ? { message, queuedAt, state: 'failed', error } : { message, queuedAt, state: 'sending' };
