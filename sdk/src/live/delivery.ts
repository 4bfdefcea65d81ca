import type { Connection } from '../connection.js';
import { ParleyError } from '../errors.js';
import type { ConversationState } from '../store/conversation.js';
import type { Schedule } from '../store/sync-engine.js';

interface Parts {
  readonly connection: Pick<Connection, 'state' | 'request'>;
  readonly schedule: Schedule;
}

/** How long marks gather, in ms. */
const GATHER = 250;
const TIMEOUT = 10_000;
/** How many are told at once: who comes back after long has many conversations with news. */
const AT_ONCE = 10;
/** What is refused for now is tried again after this long unless the server says how long, in ms. */
const AGAIN = 2_000;

/** Tells the server how far messages have reached this device: for each conversation the furthest, after a moment. */
export class DeliveryMarks {
  readonly #wanted = new Map<string, number>();
  readonly #told = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(private readonly parts: Parts) {}

  /** Marks what has come of a conversation, unless it is the person's own. */
  arrived({ conversation }: ConversationState, userId: string): void {
    const { id, lastSeq, lastMessage, me } = conversation;
    if (lastMessage === null || lastMessage.senderId === userId) return;
    if (lastSeq <= Math.max(me.lastDeliveredSeq, this.#told.get(id) ?? 0)) return;
    this.#wanted.set(id, lastSeq);
    this.#plan(GATHER);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#wanted.clear();
    this.#told.clear();
  }

  #plan(ms: number): void {
    this.#cancel ??= this.parts.schedule(() => {
      this.#cancel = undefined;
      void this.#tell();
    }, ms);
  }

  async #tell(): Promise<void> {
    // What is not told now is wanted again after the sync that comes with the next connection.
    if (this.parts.connection.state !== 'connected') return;
    const marks = [...this.#wanted].slice(0, AT_ONCE);
    for (const [id] of marks) this.#wanted.delete(id);
    const waits = await Promise.all(marks.map(([id, seq]) => this.#mark(id, seq)));
    if (this.#wanted.size > 0) this.#plan(Math.max(0, ...waits));
  }

  /** Returns how long to wait before more is told. */
  async #mark(conversationId: string, seq: number): Promise<number> {
    this.#told.set(conversationId, seq);
    try {
      await this.parts.connection.request('mark_delivered', { conversationId, seq }, TIMEOUT);
      return 0;
    } catch (error) {
      if (!(error instanceof ParleyError) || !error.retryable) return 0;
      this.#told.delete(conversationId);
      if (!this.#wanted.has(conversationId)) this.#wanted.set(conversationId, seq);
      return error.retryAfterMs ?? AGAIN;
    }
  }
}
