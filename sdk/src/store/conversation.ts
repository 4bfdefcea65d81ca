import type {
  Conversation,
  Message,
  Quote,
  Receipt,
  ReceiptMarks,
  Seat,
  SyncedMessages,
  SystemMetadata,
} from '@parley/protocol';
import { type Counted, type Delta, deltaOf, NO_DELTA, track, type Tracked, untrack } from './counts.js';
import { afterEvent, afterSync, hasGap, type Progress, startAt } from './progress.js';
import { hide, isSameQuote, itemAt, merge, newerOf, quoteOf, withQuotes } from './timeline.js';

/** One conversation of the store. */
export interface ConversationState {
  /** As a fresh load would show it. */
  readonly conversation: Conversation;
  /** What is loaded, ascending; where positions are left out, there is a hole to be loaded. */
  readonly messages: readonly Message[];
  /** How far each member has received and read; null while the conversation is not on screen. */
  readonly receipts: ReadonlyMap<string, ReceiptMarks> | null;
  readonly ledger: Ledger;
}

/** How the store knows what it knows of a conversation. */
interface Ledger {
  /** The change that the store has this conversation from: what was read before it is told by nobody. */
  readonly since: number;
  readonly progress: Progress;
  /** The counts that the server told, and the change of the conversation they hold for. */
  readonly counts: Delta & { readonly rev: number };
  /** The change of the reader's inbox that their place was told with. */
  readonly seatRev: number;
  /** What events have added to these counts. */
  readonly delta: Delta;
  readonly tracked: readonly Tracked[];
  /** The change that name, settings and the like were read at, or later. */
  readonly detailsRev: number;
  /** How many members there were after the message `seq`, and by how many later ones have changed that. */
  readonly members: { readonly count: number; readonly seq: number };
  readonly moves: ReadonlyMap<number, number>;
  /** What the reader has deleted for themselves. */
  readonly hidden: ReadonlySet<number>;
  /**
   * What events have told to everyone of messages that are not loaded, or that the reader has hidden: a page that was
   * read before must not bring back what they were, and replies quote them as they are now.
   */
  readonly updates: ReadonlyMap<number, Message>;
  /** Replies whose quote only the server can tell: they quote what the reader has hidden, and that has changed unheard. */
  readonly stale: ReadonlySet<number>;
  /** Grows whenever the counts have to be read from the server; 0 when they need not be. */
  readonly recount: number;
}

/** A conversation that the store did not have, or whose messages it has to drop. */
export function begin(snapshot: Conversation, receipts: ConversationState['receipts'] = null): ConversationState {
  const messages = snapshot.lastMessage ? [snapshot.lastMessage] : [];
  return {
    conversation: snapshot,
    messages,
    receipts,
    ledger: {
      since: snapshot.rev,
      progress: startAt({ seq: snapshot.lastSeq, rev: snapshot.rev }),
      counts: countsOf(snapshot.me, snapshot.rev),
      seatRev: snapshot.me.rev,
      delta: NO_DELTA,
      tracked: [],
      detailsRev: snapshot.rev,
      members: { count: snapshot.memberCount, seq: snapshot.lastSeq },
      moves: new Map(),
      hidden: new Set(hiddenAmong(messages)),
      updates: new Map(),
      stale: new Set(),
      recount: 0,
    },
  };
}

/** Whether something is missing that events should have brought by now. */
export const isBehind = ({ conversation, ledger: { progress } }: ConversationState): boolean =>
  hasGap(progress) || conversation.lastSeq > progress.seq || conversation.rev > progress.rev;

const countsOf = ({ unreadCount, mentionCount }: Seat, rev: number) => ({
  unread: unreadCount,
  mentions: mentionCount,
  rev,
});

const countedOf = ({ conversation, ledger }: ConversationState): Counted => ({
  rev: ledger.counts.rev,
  lastReadSeq: conversation.me.lastReadSeq,
});

/** The conversation as the server has just told it on request. */
export function withSnapshot(state: ConversationState, snapshot: Conversation): ConversationState {
  const { rev, lastSeq, memberCount, me } = snapshot;
  const seated = isSeatLater(state, { rev, me }, true) ? seatAt(state, rev, me) : state;
  const { members } = state.ledger;
  const counted = lastSeq >= members.seq ? withMembers(seated, { count: memberCount, seq: lastSeq }) : seated;
  return withDetails(counted, snapshot);
}

/** Name, settings and the like, as an event tells them: the rest of it may be later than its `rev`. */
function withDetails(state: ConversationState, told: Conversation): ConversationState {
  const { lastMessage, rev } = told;
  const { conversation, ledger } = state;
  const isLater = rev >= ledger.detailsRev;
  const { lastSeq, me, memberCount, peerMarks } = conversation;
  const base = isLater ? { ...told, me, memberCount, lastMessage: conversation.lastMessage } : conversation;
  const next: ConversationState = {
    ...state,
    conversation: {
      ...base,
      lastSeq: Math.max(lastSeq, told.lastSeq),
      rev: Math.max(conversation.rev, rev),
      peerMarks: furtherMarks(peerMarks, told.peerMarks),
    },
    ledger: isLater ? { ...ledger, detailsRev: rev } : ledger,
  };
  return lastMessage ? withMessages(next, [lastMessage]) : settle(next);
}

/**
 * Details have changed, as an event tells. Its counts are of a moment nobody knows, so those at hand go on; where the
 * read mark has moved with them, the server has to count.
 */
export function withChange(state: ConversationState, told: Conversation): ConversationState {
  const next = withRev(withDetails(state, told), told.rev);
  const { me } = next.conversation;
  if (told.me.rev <= next.ledger.seatRev) return next;
  const { unreadCount, mentionCount } = me;
  const rev = Math.max(me.rev, told.me.rev);
  const recount = next.ledger.recount + (told.me.lastReadSeq === me.lastReadSeq ? 0 : 1);
  return {
    ...next,
    conversation: { ...next.conversation, me: { ...told.me, rev, unreadCount, mentionCount } },
    ledger: { ...next.ledger, seatRev: told.me.rev, recount },
  };
}

/** An event has told of the change `rev`, which is not one of a message. */
const withRev = (state: ConversationState, rev: number): ConversationState =>
  withProgress(state, afterEvent(state.ledger.progress, rev));

/** The reader's own place, with counts at the change `rev`. */
export function withSeat(state: ConversationState, told: { readonly rev: number; readonly me: Seat }) {
  if (isSeatLater(state, told, false)) return settle(seatAt(state, told.rev, told.me));
  return withSeatRev(state, told.me.rev);
}

/** Something of the reader's place has changed that shows elsewhere. */
function withSeatRev(state: ConversationState, rev: number): ConversationState {
  const { conversation } = state;
  if (rev <= conversation.me.rev) return state;
  return { ...state, conversation: { ...conversation, me: { ...conversation.me, rev } } };
}

function isSeatLater(
  { ledger }: ConversationState,
  told: { readonly rev: number; readonly me: Seat },
  isAsked: boolean,
): boolean {
  if (told.rev !== ledger.counts.rev) return told.rev > ledger.counts.rev;
  return isAsked ? told.me.rev >= ledger.seatRev : told.me.rev > ledger.seatRev;
}

function seatAt(state: ConversationState, rev: number, me: Seat): ConversationState {
  const { conversation, ledger, messages } = state;
  const counts = countsOf(me, rev);
  const tracked = untrack(ledger.tracked, { rev, lastReadSeq: me.lastReadSeq });
  const isCut = (messages[0]?.seq ?? me.visibleFromSeq) < me.visibleFromSeq;
  return recounted({
    ...state,
    messages: isCut ? messages.filter(({ seq }) => seq >= me.visibleFromSeq) : messages,
    conversation: { ...conversation, me: { ...me, rev: Math.max(me.rev, conversation.me.rev) } },
    ledger: { ...ledger, counts, tracked, seatRev: Math.max(me.rev, ledger.seatRev) },
  });
}

/** Adds up anew what events have changed in the counts. */
function recounted(state: ConversationState): ConversationState {
  const { ledger } = state;
  let [unread, mentions] = [0, 0];
  for (const item of ledger.tracked) {
    const delta = deltaOf(item, countedOf(state), ledger.hidden.has(item.seq));
    unread += delta?.unread ?? 0;
    mentions += delta?.mentions ?? 0;
  }
  return { ...state, ledger: { ...ledger, delta: { unread, mentions } } };
}

/** The server has counted anew for somebody who asked when `recount` was this. */
export const withRecount = (state: ConversationState, recount: number): ConversationState =>
  state.ledger.recount === recount ? { ...state, ledger: { ...state.ledger, recount: 0 } } : state;

function withMembers(state: ConversationState, members: Ledger['members']): ConversationState {
  const moves = new Map([...state.ledger.moves].filter(([seq]) => seq > members.seq));
  return { ...state, ledger: { ...state.ledger, members, moves } };
}

/** A message that an event tells: new, or as it is now. */
export function withEvent(state: ConversationState, message: Message, isNew: boolean, userId: string) {
  const { conversation, ledger } = state;
  if (message.seq < conversation.me.visibleFromSeq) return withRev(state, message.rev);
  const held = itemAt(state.messages, message.seq);
  const next: ConversationState = {
    ...state,
    conversation: {
      ...conversation,
      lastSeq: Math.max(conversation.lastSeq, message.seq),
      rev: Math.max(conversation.rev, message.rev),
    },
    ledger: { ...ledger, progress: afterEvent(ledger.progress, message.rev, isNew ? message.seq : undefined) },
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
  return { ...state, ledger: { ...ledger, tracked, delta, recount: ledger.recount + (after ? 0 : 1) } };
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
    const by = message.messageType === 'system' ? moveOf(message.metadata as SystemMetadata) : 0;
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

function withProgress(state: ConversationState, progress: Progress): ConversationState {
  if (progress === state.ledger.progress) return state;
  const rev = Math.max(state.conversation.rev, progress.rev);
  const conversation = rev === state.conversation.rev ? state.conversation : { ...state.conversation, rev };
  return { ...state, conversation, ledger: { ...state.ledger, progress } };
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

const hiddenAmong = (messages: readonly Message[]): number[] =>
  messages.flatMap(({ seq, isHidden }) => (isHidden ? [seq] : []));

const withSeqs = (held: ReadonlySet<number>, seqs: readonly number[]): ReadonlySet<number> =>
  seqs.every((seq) => held.has(seq)) ? held : new Set([...held, ...seqs]);

/** How far somebody else has come: a mark never moves back. */
export function withReceipt(
  told: ConversationState,
  { userId, inboxRev = 0, lastDeliveredSeq, lastReadSeq }: Receipt,
): ConversationState {
  const state = withSeatRev(told, inboxRev);
  const { conversation, receipts } = state;
  const known = receipts?.get(userId);
  const marks = { lastDeliveredSeq, lastReadSeq };
  const moved = furtherMarks(known ?? null, marks);
  const isNews = receipts !== null && moved !== null && moved !== known;
  const peerMarks =
    conversation.peer?.id === userId ? furtherMarks(conversation.peerMarks, marks) : conversation.peerMarks;
  if (!isNews && peerMarks === conversation.peerMarks) return state;
  return {
    ...state,
    receipts: isNews ? new Map([...receipts, [userId, moved]]) : receipts,
    conversation: peerMarks === conversation.peerMarks ? conversation : { ...conversation, peerMarks },
  };
}

function furtherMarks(a: ReceiptMarks | null, b: ReceiptMarks | null): ReceiptMarks | null {
  if (!a || !b) return a ?? b;
  const lastDeliveredSeq = Math.max(a.lastDeliveredSeq, b.lastDeliveredSeq);
  const lastReadSeq = Math.max(a.lastReadSeq, b.lastReadSeq);
  return lastDeliveredSeq === a.lastDeliveredSeq && lastReadSeq === a.lastReadSeq
    ? a
    : { lastDeliveredSeq, lastReadSeq };
}

/** Completes the conversation with what follows from the rest. */
function settle(state: ConversationState): ConversationState {
  const { conversation, messages, ledger } = state;
  const lastMessage = itemAt(messages, conversation.lastSeq) ?? null;
  const memberCount = [...ledger.moves.values()].reduce((sum, by) => sum + by, ledger.members.count);
  const unreadCount = Math.max(0, ledger.counts.unread + ledger.delta.unread);
  const mentionCount = Math.max(0, ledger.counts.mentions + ledger.delta.mentions);
  const { me } = conversation;
  const isSame = me.unreadCount === unreadCount && me.mentionCount === mentionCount;
  if (isSame && lastMessage === conversation.lastMessage && memberCount === conversation.memberCount) return state;
  return {
    ...state,
    conversation: {
      ...conversation,
      lastMessage,
      memberCount,
      me: isSame ? me : { ...me, unreadCount, mentionCount },
    },
  };
}
