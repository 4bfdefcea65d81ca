import type { Message, Quote, SyncedMessages, SystemMetadata } from '@parley/protocol';
import {
  type ConversationState,
  countedOf,
  hiddenAmong,
  type Ledger,
  recounted,
  settle,
  withProgress,
  withSeqs,
} from './conversation.js';
import { type Delta, deltaOf, MOST_TRACKED, NO_DELTA, track, type Tracked } from './counts.js';
import { afterEvent, afterSync } from './progress.js';
import { hide, isSameQuote, itemAt, merge, newerOf, quoteOf, withQuotes } from './timeline.js';

/** A message that an event tells: new, or as it is now. */
export function withEvent(state: ConversationState, message: Message, isNew: boolean, userId: string) {
  const { conversation, ledger } = state;
  if (message.seq < conversation.me.visibleFromSeq)
    return withProgress(state, afterEvent(ledger.progress, message.rev));
  const held = itemAt(state.messages, message.seq);
  // What is loaded from now on holds this already, and what has become of it since may not be told any more.
  if (!held && message.rev <= ledger.since) return state;
  const progress = afterEvent(ledger.progress, message.rev, isNew ? message.seq : undefined);
  const next: ConversationState = {
    ...state,
    conversation: {
      ...conversation,
      lastSeq: Math.max(conversation.lastSeq, message.seq),
      rev: Math.max(conversation.rev, message.rev, progress.rev),
    },
    ledger: { ...ledger, progress },
  };
  const counted = withTracked(next, { message, isNew, held }, userId);
  // Whether the reader has hidden what was not loaded, an event does not say: it is told to everyone alike.
  const isShown = held !== undefined || message.seq > ledger.progress.seq;
  const updated = isShown && !ledger.hidden.has(message.seq) ? counted : withUpdate(counted, message);
  return isShown ? withMessages(updated, [message]) : updated;
}

function withUpdate(state: ConversationState, message: Message): ConversationState {
  const { ledger } = state;
  const held = ledger.updates.get(message.seq);
  const updates = new Map(ledger.updates).set(message.seq, held ? newerOf(held, message) : message);
  const quotes = quotesOf(state, [message]);
  return settle(requoted({ ...state, ledger: { ...ledger, updates } }, { seqs: [], quotes }));
}

/** Carries the counts on by what an event says. */
function withTracked(
  state: ConversationState,
  event: { readonly message: Message; readonly isNew: boolean; readonly held: Message | undefined },
  userId: string,
): ConversationState {
  const { ledger } = state;
  const { seq } = event.message;
  const counted = countedOf(state);
  const tracked = track(ledger.tracked, event, counted, userId);
  if (tracked === ledger.tracked) return state;
  const contribution = (items: readonly Tracked[]): Delta | null => {
    const item = itemAt(items, seq);
    return item ? deltaOf(item, counted, ledger.hidden.has(seq)) : NO_DELTA;
  };
  const before = contribution(ledger.tracked) ?? NO_DELTA;
  const after = contribution(tracked);
  const delta = {
    unread: ledger.delta.unread - before.unread + (after?.unread ?? 0),
    mentions: ledger.delta.mentions - before.mentions + (after?.mentions ?? 0),
  };
  const isFull = tracked.length > ledger.tracked.length && tracked.length % MOST_TRACKED === 0;
  const recount = after && !isFull ? ledger.recount : ledger.recount + 1;
  return { ...state, ledger: { ...ledger, tracked, delta, recount } };
}

/** Messages as the server shows them to the reader. */
export function withMessages(state: ConversationState, incoming: readonly Message[]): ConversationState {
  const { ledger } = state;
  const visible = incoming.filter(({ seq }) => seq >= state.conversation.me.visibleFromSeq);
  const seqs = visible.map(({ seq }) => seq);
  const hidden = withSeqs(ledger.hidden, hiddenAmong(visible));
  const latest = visible.map((message) => {
    const update = ledger.updates.get(message.seq);
    return update ? newerOf(message, update) : message;
  });
  const shown = latest.map((message) => (hidden.has(message.seq) && !message.isHidden ? hide(message) : message));
  const isUsedUp = seqs.some((seq) => ledger.updates.has(seq) && !hidden.has(seq));
  const updates = isUsedUp ? withoutSeqs(ledger.updates, new Set(seqs), hidden) : ledger.updates;
  const quotes = quotesOf(state, latest);
  const moves = movesOf(visible, ledger);
  const isFresh = seqs.some((seq) => ledger.stale.has(seq));
  const stale = isFresh ? new Set([...ledger.stale].filter((seq) => !seqs.includes(seq))) : ledger.stale;
  const merged: ConversationState = {
    ...state,
    messages: merge(state.messages, shown),
    ledger: { ...ledger, hidden, updates, moves, stale },
  };
  return settle(requoted(hidden === ledger.hidden ? merged : recounted(merged), { seqs, quotes }));
}

const withoutSeqs = (
  updates: ReadonlyMap<number, Message>,
  seqs: ReadonlySet<number>,
  hidden: ReadonlySet<number>,
): ReadonlyMap<number, Message> => new Map([...updates].filter(([seq]) => !seqs.has(seq) || hidden.has(seq)));

function requoted(state: ConversationState, came: Parameters<typeof withQuotes>[1]): ConversationState {
  const quoteAt = (seq: number) => knownQuote(state, seq);
  const messages = withQuotes(state.messages, came, quoteAt, state.conversation.me.visibleFromSeq);
  return messages === state.messages ? state : { ...state, messages };
}

/** What is known of how replies show the message at `seq`. */
function knownQuote({ messages, ledger }: ConversationState, seq: number): Quote | null {
  const held = itemAt(messages, seq);
  const update = ledger.updates.get(seq);
  return (update && update.rev >= (held?.rev ?? 0) && quoteOf(update)) || (held ? quoteOf(held) : null);
}

/** What replies show of those messages that say something else than what is known. */
function quotesOf(state: ConversationState, incoming: readonly Message[]): Map<number, Quote> {
  const quotes = new Map<number, Quote>();
  for (const message of incoming) {
    const held = itemAt(state.messages, message.seq);
    const quote = quoteOf(held ? newerOf(held, message) : message);
    if (quote && !isSameQuote(knownQuote(state, message.seq), quote)) quotes.set(message.seq, quote);
  }
  return quotes;
}

/** By how many members each notice has changed the conversation. */
function movesOf(incoming: readonly Message[], { moves, members }: Ledger): ReadonlyMap<number, number> {
  const found = incoming.flatMap((message): [number, number][] => {
    const isNotice = message.messageType === 'system' && 'event' in message.metadata;
    const by = isNotice ? moveOf(message.metadata as SystemMetadata) : 0;
    return by !== 0 && message.seq > members.seq && !moves.has(message.seq) ? [[message.seq, by]] : [];
  });
  return found.length > 0 ? new Map([...moves, ...found]) : moves;
}

function moveOf(notice: SystemMetadata): number {
  switch (notice.event) {
    case 'participants_added':
      return notice.userIds.length;
    case 'participant_joined':
      return 1;
    case 'participant_left':
    case 'participant_removed':
    case 'participant_banned':
      return -1;
    case 'participant_muted':
    case 'role_changed':
    case 'message_ttl_changed':
      return 0;
  }
}

/** What a sync tells of messages, and how far the store has come with it. */
export function withSynced(state: ConversationState, synced: SyncedMessages): ConversationState {
  const told = withMessages(withProgress(state, afterSync(state.ledger.progress, synced)), synced.items);
  const silent = new Set(
    synced.items
      .filter(({ isHidden, isEdited, deletedAt }) => isHidden && isEdited && deletedAt === null)
      .filter(({ seq, rev }) => (told.ledger.updates.get(seq)?.rev ?? 0) < rev)
      .map(({ seq }) => seq),
  );
  if (silent.size === 0) return told;
  const came = new Set(synced.items.map(({ seq }) => seq));
  const stale = told.messages.filter(({ seq, replyTo }) => replyTo && silent.has(replyTo.seq) && !came.has(seq));
  const seqs = stale.map(({ seq }) => seq);
  return { ...told, ledger: { ...told.ledger, stale: withSeqs(told.ledger.stale, seqs) } };
}

/**
 * Lets go of the messages that lie outside of these positions, but for the last one. What is asked for later holds all
 * that has been told of them; what was asked for before holds it no more, and is not taken.
 */
export function withReleased(state: ConversationState, from: number, to: number): ConversationState {
  const { conversation, ledger } = state;
  const isKept = ({ seq }: Message) => (seq >= from && seq <= to) || seq === conversation.lastSeq;
  const messages = state.messages.filter(isKept);
  if (messages.length === state.messages.length) return state;
  const since = Math.max(ledger.since, ledger.progress.rev);
  const updates = new Map([...ledger.updates].filter(([seq, { rev }]) => rev > since || ledger.hidden.has(seq)));
  return { ...state, messages, ledger: { ...ledger, since, updates } };
}

/** The reader has deleted a message for themselves. */
export function withHidden(state: ConversationState, seq: number): ConversationState {
  const { ledger, conversation } = state;
  const held = itemAt(state.messages, seq);
  const messages =
    held && !held.isHidden
      ? state.messages.map((message) => (message === held ? hide(held) : message))
      : state.messages;
  // Whether what the server has counted holds this message still, only the server knows.
  const recount = seq > conversation.me.lastReadSeq ? ledger.recount + 1 : ledger.recount;
  const hidden = withSeqs(ledger.hidden, [seq]);
  return settle(recounted({ ...state, messages, ledger: { ...ledger, hidden, recount } }));
}
