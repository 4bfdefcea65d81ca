import type { Message, Sent } from '@parley/protocol';
import type { OutboxEntry, StoreState } from './state.js';

/** What happens to the messages that are on their way out. */
export type OutboxAction =
  | { readonly type: 'queued'; readonly entry: OutboxEntry }
  /** What is left from before comes first. */
  | { readonly type: 'restored'; readonly entries: readonly OutboxEntry[] }
  | { readonly type: 'sent'; readonly key: string; readonly sent: Sent }
  | { readonly type: 'failed'; readonly key: string; readonly error: NonNullable<OutboxEntry['error']> }
  | { readonly type: 'retried'; readonly key: string }
  | { readonly type: 'discarded'; readonly key: string };

/** Names a message of one's own: its id is one's own choice, and so unique in a conversation only. */
export const keyOf = (message: { readonly conversationId: string; readonly clientMessageId?: string | null }): string =>
  `${message.conversationId} ${message.clientMessageId}`;

/** The outbox after an action. */
export function reduceOutbox(state: StoreState, action: OutboxAction): StoreState {
  switch (action.type) {
    case 'queued':
      return { ...state, outbox: [...state.outbox, action.entry] };
    case 'restored': {
      const left = action.entries.filter(({ message }) => !isHeld(state, message));
      return { ...state, outbox: [...left, ...state.outbox] };
    }
    case 'sent':
      return settle(
        change(state, action.key, ({ message, queuedAt }) => ({ message, queuedAt, state: 'sent', sent: action.sent })),
      );
    case 'failed':
      return change(state, action.key, ({ message, queuedAt }) => ({
        message,
        queuedAt,
        state: 'failed',
        error: action.error,
      }));
    case 'retried':
      return change(state, action.key, ({ message, queuedAt }) => ({ message, queuedAt, state: 'sending' }));
    case 'discarded':
      return { ...state, outbox: state.outbox.filter(({ message }) => keyOf(message) !== action.key) };
  }
}

/** Takes out of the outbox what is among the messages now, so that nothing is ever shown twice. */
export function reconcile(state: StoreState, arrived: readonly Message[]): StoreState {
  if (state.outbox.length === 0) return state;
  const keys = new Set(arrived.filter(({ senderId }) => senderId === state.userId).map(keyOf));
  const outbox = state.outbox.filter(({ message }) => !keys.has(keyOf(message)));
  return settle(outbox.length === state.outbox.length ? state : { ...state, outbox });
}

/** What is on the server and lies within what is known of its conversation is there, or is history to be loaded. */
function settle(state: StoreState): StoreState {
  const outbox = state.outbox.filter(({ message, sent }) => {
    if (!sent) return true;
    const held = state.conversations.get(message.conversationId);
    return held !== undefined && held.ledger.progress.seq < sent.seq;
  });
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

function isHeld(state: StoreState, { conversationId, clientMessageId }: OutboxEntry['message']): boolean {
  const messages = state.conversations.get(conversationId)?.messages ?? [];
  return messages.some((held) => held.senderId === state.userId && held.clientMessageId === clientMessageId);
}

function change(state: StoreState, key: string, to: (entry: OutboxEntry) => OutboxEntry): StoreState {
  return { ...state, outbox: state.outbox.map((entry) => (keyOf(entry.message) === key ? to(entry) : entry)) };
}
