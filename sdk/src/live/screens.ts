import type { Receipt } from '@parley/protocol';
import type { Connection } from '../connection.js';

interface Parts {
  readonly connection: Pick<Connection, 'state' | 'request' | 'on'>;
  /** Receipts of a conversation that has come on screen; null when it has gone. */
  readonly show: (conversationId: string, receipts: readonly Receipt[] | null) => void;
  /** The server has told how far a conversation is. */
  readonly reached: (conversationId: string, rev: number) => void;
}

const TIMEOUT = 10_000;

/** The conversations on screen: the server tells of typing and receipts where somebody looks, and nowhere else. */
export class Screens {
  /** In how many places each is shown. */
  readonly #shown = new Map<string, number>();

  constructor(private readonly parts: Parts) {
    const joinAll = () => {
      for (const conversationId of this.#shown.keys()) void this.#join(conversationId);
    };
    parts.connection.on('state', ({ state }) => void (state === 'connected' && joinAll()));
    parts.connection.on('sync_needed', joinAll);
  }

  isShown(conversationId: string): boolean {
    return this.#shown.has(conversationId);
  }

  open(conversationId: string): () => void {
    const count = this.#shown.get(conversationId) ?? 0;
    this.#shown.set(conversationId, count + 1);
    if (count === 0) void this.#join(conversationId);
    let isOpen = true;
    return () => {
      if (isOpen) this.#close(conversationId);
      isOpen = false;
    };
  }

  #close(conversationId: string): void {
    const count = (this.#shown.get(conversationId) ?? 1) - 1;
    if (count > 0) {
      this.#shown.set(conversationId, count);
      return;
    }
    this.#shown.delete(conversationId);
    this.parts.show(conversationId, null);
    const { connection } = this.parts;
    if (connection.state !== 'connected') return;
    connection.request('leave_conversation', { conversationId }, TIMEOUT).catch(() => undefined);
  }

  /** What fails here is tried again with the next connection. */
  async #join(conversationId: string): Promise<void> {
    const { connection, show, reached } = this.parts;
    if (connection.state !== 'connected') return;
    try {
      const { rev, receipts } = await connection.request('join_conversation', { conversationId }, TIMEOUT);
      if (!this.#shown.has(conversationId)) return;
      show(conversationId, receipts);
      reached(conversationId, rev);
    } catch {
      // Without it there are no receipts of others, and nothing else is missing.
    }
  }
}
