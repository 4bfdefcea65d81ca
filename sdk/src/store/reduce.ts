import type { Conversation, Message, Profile, Receipt, ServerPayload, SyncResult } from '@parley/protocol';
import type { Kept } from '../cache/cache.js';
import { begin, type ConversationState } from './conversation.js';
import { withEvent, withHidden, withMessages, withReleased, withSynced } from './messages.js';
import { withChange, withReceipt, withRecount, withRev, withSeat, withSnapshot } from './places.js';
import { type OutboxAction, reconcile, reduceOutbox } from './outbox.js';
import { inboxAfterEvent, inboxAfterSync, inboxAt } from './progress.js';
import { emptyState, type StoreState } from './state.js';

/** The events of the server that change what the store holds. */
export const STORE_EVENTS = [
  'new_message',
  'message_updated',
  'message_hidden',
  'receipt',
  'receipts',
  'conversation_moved',
  'conversation_updated',
  'conversation_removed',
  'seat_updated',
] as const;
type StoreEvent = (typeof STORE_EVENTS)[number];

/** An event of the server, as the store takes it. */
export type EventAction = { [E in StoreEvent]: { readonly type: E; readonly payload: ServerPayload<E> } }[StoreEvent];

/** What happens to the store. */
export type StoreAction =
  | OutboxAction
  | EventAction
  /** An answer to a sync. */
  | { readonly type: 'synced'; readonly result: SyncResult }
  /** A stretch of history that was asked for while the store had the conversation since this change. */
  | {
      readonly type: 'loaded';
      readonly conversationId: string;
      readonly since: number;
      readonly items: readonly Message[];
    }
  /** Messages outside of these positions are held no longer. */
  | { readonly type: 'released'; readonly conversationId: string; readonly from: number; readonly to: number }
  /** A conversation whose counts were asked for when its `recount` was this. */
  | { readonly type: 'recounted'; readonly conversation: Conversation; readonly recount: number }
  /** A conversation has come on screen, with how far its members have read, or has gone from it. */
  | { readonly type: 'screened'; readonly conversationId: string; readonly receipts: readonly Receipt[] | null }
  /** What was kept of an earlier store, for one that holds nothing yet. */
  | { readonly type: 'reopened'; readonly kept: Kept }
  /** It is known who is signed in; what was held of anybody else goes. */
  | { readonly type: 'identified'; readonly profile: Profile }
  /** Nothing held is of use any more but what the same person has still to send. */
  | { readonly type: 'reset'; readonly userId: string };

/** The state after an action. Pure: the same state and action always give the same. */
export function reduce(state: StoreState, action: StoreAction): StoreState {
  switch (action.type) {
    case 'new_message':
    case 'message_updated': {
      const { payload } = action;
      const isNew = action.type === 'new_message';
      return reconcile(
        inConversation(state, payload.conversationId, (it) => withEvent(it, payload, isNew, state.userId)),
        [payload],
      );
    }
    case 'message_hidden': {
      const { conversationId, seq, inboxRev } = action.payload;
      // Counted only with its conversation, so that a sync tells it again.
      if (!state.conversations.has(conversationId)) return state;
      return withInbox(
        inConversation(state, conversationId, (it) => withHidden(it, seq)),
        inboxRev,
      );
    }
    case 'receipt':
      return withReceipts(state, action.payload.conversationId, [action.payload]);
    case 'receipts':
      return withReceipts(state, action.payload.conversationId, action.payload.items);
    case 'conversation_moved':
      return inConversation(state, action.payload.conversationId, (it) => withRev(it, action.payload.rev));
    case 'conversation_updated': {
      const { payload } = action;
      // One that is not here yet comes with a sync, which also says where to go on from.
      if (!state.conversations.has(payload.id)) return state;
      return withInbox(
        inConversation(state, payload.id, (it) => withChange(it, payload)),
        payload.me.rev,
      );
    }
    case 'seat_updated': {
      const { conversationId, me } = action.payload;
      if (!state.conversations.has(conversationId)) return state;
      return withInbox(
        inConversation(state, conversationId, (it) => withSeat(it, action.payload)),
        me.rev,
      );
    }
    case 'conversation_removed': {
      const { conversationId, inboxRev } = action.payload;
      return withInbox(withRemoved(state, conversationId, inboxRev), inboxRev);
    }
    case 'synced':
      return withSync(state, action.result);
    case 'loaded': {
      const { conversationId, items, since } = action;
      if (state.conversations.get(conversationId)?.ledger.since !== since) return state;
      return reconcile(
        inConversation(state, conversationId, (it) => withMessages(it, items)),
        items,
      );
    }
    case 'released':
      return inConversation(state, action.conversationId, (it) => withReleased(it, action.from, action.to));
    case 'recounted': {
      const { conversation, recount } = action;
      return inConversation(state, conversation.id, (it) => withRecount(withSnapshot(it, conversation), recount));
    }
    case 'screened':
      return withScreen(state, action.conversationId, action.receipts);
    case 'reopened': {
      const { person, conversations } = action.kept;
      const held = new Map(conversations.map((it) => [it.conversation.id, it]));
      return { ...state, ...person, userId: person.profile.id, conversations: held, isLoaded: true };
    }
    case 'identified': {
      const { profile } = action;
      return { ...(profile.id === state.userId ? state : afresh(state, profile.id)), profile };
    }
    case 'reset':
      return afresh(state, action.userId);
    case 'queued':
    case 'restored':
    case 'sent':
    case 'failed':
    case 'retried':
    case 'discarded':
      return reduceOutbox(state, action);
  }
}

function afresh(state: StoreState, userId: string): StoreState {
  const { profile, outbox } = state;
  if (userId === state.userId) return { ...emptyState(userId), profile, outbox };
  return { ...emptyState(userId), outbox: state.userId === '' ? outbox : [] };
}

function inConversation(
  state: StoreState,
  id: string,
  change: (conversation: ConversationState) => ConversationState,
): StoreState {
  const held = state.conversations.get(id);
  if (!held) return state;
  const next = change(held);
  return next === held ? state : { ...state, conversations: new Map(state.conversations).set(id, next) };
}

function withInbox(state: StoreState, rev: number): StoreState {
  const inbox = inboxAfterEvent(state.inbox, rev);
  return inbox === state.inbox ? state : { ...state, inbox };
}

function withReceipts(state: StoreState, conversationId: string, receipts: readonly Receipt[]): StoreState {
  if (!state.conversations.has(conversationId)) return state;
  const heard = inConversation(state, conversationId, (held) => receipts.reduce(withReceipt, held));
  return receipts.reduce((it, { inboxRev = 0 }) => withInbox(it, inboxRev), heard);
}

function withScreen(state: StoreState, conversationId: string, receipts: readonly Receipt[] | null): StoreState {
  if (receipts === null) return inConversation(state, conversationId, (it) => ({ ...it, receipts: null }));
  const shown = inConversation(state, conversationId, (it) => ({ ...it, receipts: it.receipts ?? new Map() }));
  return withReceipts(shown, conversationId, receipts);
}

function withRemoved(state: StoreState, id: string, inboxRev: number): StoreState {
  const held = state.conversations.get(id);
  // Who has come back meanwhile has a place that is newer.
  if (held && held.conversation.me.rev > inboxRev) return state;
  const conversations = new Map(state.conversations);
  conversations.delete(id);
  const outbox = state.outbox.filter(({ message }) => message.conversationId !== id);
  return { ...state, conversations, outbox, gone: new Map(state.gone).set(id, inboxRev) };
}

function withSync(state: StoreState, result: SyncResult): StoreState {
  const conversations = new Map(state.conversations);
  for (const id of result.removed) conversations.delete(id);
  const anew = new Set(result.resync);
  for (const snapshot of result.conversations) {
    const held = conversations.get(snapshot.id);
    // Read before this person was put out, and come after.
    if (!held && snapshot.me.rev < (state.gone.get(snapshot.id) ?? 0)) continue;
    if (held && !anew.has(snapshot.id)) conversations.set(snapshot.id, withSnapshot(held, snapshot));
    else conversations.set(snapshot.id, begin(snapshot, held?.receipts));
  }
  for (const [id, synced] of Object.entries(result.messages)) {
    const held = conversations.get(id);
    if (held) conversations.set(id, withSynced(held, synced));
  }
  for (const { conversationId, seq } of result.hidden) {
    const held = conversations.get(conversationId);
    if (held) conversations.set(conversationId, withHidden(held, seq));
  }
  // Where a conversation begins anew, what events have told of one's place in it is to be told again.
  const inbox = anew.size > 0 ? inboxAt(result.inboxRev) : inboxAfterSync(state.inbox, result.inboxRev);
  const next = { ...state, conversations, inbox, isLoaded: true };
  const told = [
    ...Object.values(result.messages).flatMap(({ items }) => items),
    ...result.conversations.flatMap(({ lastMessage }) => lastMessage ?? []),
  ];
  return reconcile(next, told);
}
