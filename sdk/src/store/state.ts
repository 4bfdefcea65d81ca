import type { Profile, Sent } from '@parley/protocol';
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
  readonly error?: Refusal;
}

/** Why the server has refused a message, and for which of its fields where it was for one. */
export interface Refusal {
  readonly code: ClientErrorCode;
  readonly message: string;
  readonly path?: string;
}

/** Everything the store holds. It is never changed: what is new is a new object, and what is not stays the same one. */
export interface StoreState {
  /** Who is signed in; empty until that is known. */
  readonly userId: string;
  /** Their own account as of the last start; null until it is known. */
  readonly profile: Profile | null;
  readonly conversations: ReadonlyMap<string, ConversationState>;
  /** In the order of sending. */
  readonly outbox: readonly OutboxEntry[];
  readonly inbox: InboxProgress;
  /** Conversations that are over for this person, and the change of the inbox that said so. */
  readonly gone: ReadonlyMap<string, number>;
  /** Whether there was a first sync, now or before what was kept: what is not here did not exist then. */
  readonly isLoaded: boolean;
}

export const emptyState = (userId: string): StoreState => ({
  userId,
  profile: null,
  conversations: new Map(),
  outbox: [],
  inbox: inboxAt(0),
  gone: new Map(),
  isLoaded: false,
});
