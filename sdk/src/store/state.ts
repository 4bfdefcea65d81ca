import type { Sent } from '@parley/protocol';
import type { ClientErrorCode } from '../errors.js';
import type { Outgoing } from '../sender.js';
import type { ConversationState } from './conversation.js';
import { type InboxProgress, inboxAt } from './progress.js';

/**
 * A message of one's own that is not among the messages of its conversation yet. `sent` is on the server and about to
 * appear there; `failed` was refused and waits for `retry` or `discard`.
 */
export interface OutboxEntry {
  readonly message: Outgoing;
  readonly queuedAt: string;
  readonly state: 'sending' | 'sent' | 'failed';
  readonly sent?: Sent;
  readonly error?: { readonly code: ClientErrorCode; readonly message: string };
}

/** Everything the store holds. It is never changed: what is new is a new object, and what is not stays the same one. */
export interface StoreState {
  /** Who is signed in; empty until the first sync. */
  readonly userId: string;
  readonly conversations: ReadonlyMap<string, ConversationState>;
  /** In the order of sending. */
  readonly outbox: readonly OutboxEntry[];
  readonly inbox: InboxProgress;
  /** Conversations that are over for this person, and the change of the inbox that said so. */
  readonly gone: ReadonlyMap<string, number>;
  /** Whether there was a first sync, so that what is not here does not exist. */
  readonly isLoaded: boolean;
}

export const emptyState = (userId: string): StoreState => ({
  userId,
  conversations: new Map(),
  outbox: [],
  inbox: inboxAt(0),
  gone: new Map(),
  isLoaded: false,
});
