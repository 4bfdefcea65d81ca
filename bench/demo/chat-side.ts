import { type Message, newClientMessageId, type Parley } from '@parley/sdk';
import type { Bubble, PaneView } from './chat-view.js';
import { type Draft, EMPTY } from './line-editor.js';

export interface ChatPerson {
  readonly name: string;
  readonly userId: string;
  readonly client: Parley;
}

/** A message on its way, or one that will not get there. */
interface Pending {
  readonly text: string;
  readonly state: 'sending' | 'refused';
}

interface Stored {
  readonly text: string;
  readonly isOwn: boolean;
}

/** One person's side of the conversation: what they see, what they have typed, and how far they have read. */
export class ChatSide {
  draft: Draft = EMPTY;
  readonly #stored = new Map<number, Stored>();
  readonly #pending = new Map<string, Pending>();
  #lastSeq = 0;
  #readSeq = 0;
  #peerReadSeq = 0;
  #trouble = '';
  #isActive = false;

  constructor(
    private readonly person: ChatPerson,
    private readonly conversationId: string,
    private readonly onChange: () => void,
  ) {
    const { client, userId } = person;
    client.on('new_message', (message) => this.#receive(message));
    client.on('receipt', (receipt) => {
      if (receipt.userId !== userId) this.#peerReadSeq = Math.max(this.#peerReadSeq, receipt.lastReadSeq);
      this.onChange();
    });
    client.on('state', ({ state, error }) => {
      this.#trouble = error ? error.message : state === 'connected' ? '' : 'no connection';
      // What was said meanwhile is in the log.
      if (state === 'connected') void this.#catchUp();
      this.onChange();
    });
  }

  view(): PaneView {
    const unread = [...this.#stored].filter(([seq, { isOwn }]) => seq > this.#readSeq && !isOwn).length;
    return {
      name: this.person.name,
      trouble: this.#trouble,
      unread,
      isActive: this.#isActive,
      bubbles: this.#bubbles(),
      draft: this.draft,
    };
  }

  /** Whoever is looking has read it. */
  activate(isActive: boolean): void {
    this.#isActive = isActive;
    this.#markRead();
  }

  /** Sends what was typed; resolves when its outcome is known. */
  async send(): Promise<void> {
    const { text } = this.draft;
    if (text === '') return;
    this.draft = EMPTY;
    const clientMessageId = newClientMessageId();
    this.#pending.set(clientMessageId, { text, state: 'sending' });
    try {
      const { seq } = await this.person.client.messages.send(this.conversationId, text, { clientMessageId });
      this.#store(seq, { text, isOwn: true }, clientMessageId);
    } catch (error) {
      this.#pending.set(clientMessageId, { text, state: 'refused' });
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
    this.onChange();
  }

  #receive({ seq, senderId, content, clientMessageId }: Message): void {
    // A hole means that something was missed: the log has it.
    const isHole = seq > this.#lastSeq + 1;
    this.#store(seq, { text: content ?? '', isOwn: senderId === this.person.userId }, clientMessageId);
    if (isHole) void this.#catchUp();
    this.onChange();
  }

  #store(seq: number, stored: Stored, clientMessageId: string | null): void {
    this.#stored.set(seq, stored);
    if (clientMessageId !== null) this.#pending.delete(clientMessageId);
    while (this.#stored.has(this.#lastSeq + 1)) this.#lastSeq += 1;
    this.#markRead();
  }

  /** Reads what is in the log after the last position up to which nothing is missing. */
  async #catchUp(): Promise<void> {
    try {
      for (let hasMore = true; hasMore;) {
        const page = await this.person.client.messages.history(this.conversationId, { after: this.#lastSeq });
        for (const { seq, senderId, content, clientMessageId } of page.items) {
          this.#store(seq, { text: content ?? '', isOwn: senderId === this.person.userId }, clientMessageId);
        }
        hasMore = page.hasMoreAfter;
      }
    } catch {
      // The next connection tries again.
    }
    this.onChange();
  }

  #markRead(): void {
    if (!this.#isActive || this.#lastSeq <= this.#readSeq) return;
    this.#readSeq = this.#lastSeq;
    const mark = { conversationId: this.conversationId, seq: this.#lastSeq };
    // Marks only move forward, so a later one makes up for one that was lost.
    this.person.client.messages.markRead(mark).catch(() => undefined);
  }

  #bubbles(): Bubble[] {
    const stored = [...this.#stored].sort(([a], [b]) => a - b);
    return [
      ...stored.map(([seq, { text, isOwn }]): Bubble => {
        const isRead = seq <= this.#peerReadSeq;
        return { text, isOwn, state: isRead ? 'read' : 'stored' };
      }),
      ...[...this.#pending.values()].map((pending): Bubble => ({ ...pending, isOwn: true })),
    ];
  }
}
