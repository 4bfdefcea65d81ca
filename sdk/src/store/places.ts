import type { Conversation, Receipt, ReceiptMarks, Seat } from '@parley/protocol';
import { type ConversationState, countsOf, type Ledger, recounted, settle, withProgress } from './conversation.js';
import { untrack } from './counts.js';
import { withMessages } from './messages.js';
import { afterEvent } from './progress.js';
import { itemAt } from './timeline.js';

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
  // As with events: what is older than this conversation's time here comes with its page, and not from here.
  const isOld = lastMessage && lastMessage.rev <= ledger.since && !itemAt(state.messages, lastMessage.seq);
  return lastMessage && !isOld ? withMessages(next, [lastMessage]) : settle(next);
}

/**
 * Details have changed, as an event tells. Its counts are of a moment nobody knows, so those at hand go on; where the
 * read mark has moved with them, the server has to count.
 */
export function withChange(state: ConversationState, told: Conversation): ConversationState {
  const next = withRev(withDetails(state, told), told.rev);
  return told.me.rev > next.ledger.seatRev ? withPlace(next, told.me) : next;
}

/** A place that is newer than its counts: they go on as they are, unless the read mark has moved. */
function withPlace(state: ConversationState, told: Seat): ConversationState {
  const { me } = state.conversation;
  const { unreadCount, mentionCount } = me;
  const rev = Math.max(me.rev, told.rev);
  const recount = state.ledger.recount + (told.lastReadSeq === me.lastReadSeq ? 0 : 1);
  return {
    ...state,
    conversation: { ...state.conversation, me: { ...notBack(me, told), rev, unreadCount, mentionCount } },
    ledger: { ...state.ledger, seatRev: told.rev, recount },
  };
}

/** An event has told of the change `rev`, which is not one of a message. */
export const withRev = (state: ConversationState, rev: number): ConversationState =>
  withProgress(state, afterEvent(state.ledger.progress, rev));

/** The reader's own place, with counts at the change `rev`. */
export function withSeat(state: ConversationState, told: { readonly rev: number; readonly me: Seat }) {
  const { counts, seatRev, recount } = state.ledger;
  if (isSeatLater(state, told, false)) return settle(seatAt(state, told.rev, told.me));
  // A mark is counted before it is written: another place may have been read in between, with later counts.
  if (told.me.rev > seatRev) return withPlace(state, told.me);
  const known = withSeatRev(state, told.me.rev);
  return told.rev > counts.rev ? { ...known, ledger: { ...known.ledger, recount: recount + 1 } } : known;
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
  if (told.rev < ledger.counts.rev || told.me.rev < ledger.seatRev) return false;
  return isAsked || told.rev > ledger.counts.rev || told.me.rev > ledger.seatRev;
}

/** A place as it is told, with the marks held where they are further: a mark never moves back. */
const notBack = (held: Seat, told: Seat): Seat => ({
  ...told,
  lastDeliveredSeq: Math.max(held.lastDeliveredSeq, told.lastDeliveredSeq),
});

function seatAt(state: ConversationState, rev: number, me: Seat): ConversationState {
  const { conversation, ledger, messages } = state;
  const counts = countsOf(me, rev);
  const tracked = untrack(ledger.tracked, { rev, lastReadSeq: me.lastReadSeq });
  const isCut = (messages[0]?.seq ?? me.visibleFromSeq) < me.visibleFromSeq;
  return recounted({
    ...state,
    messages: isCut ? messages.filter(({ seq }) => seq >= me.visibleFromSeq) : messages,
    conversation: {
      ...conversation,
      me: { ...notBack(conversation.me, me), rev: Math.max(me.rev, conversation.me.rev) },
    },
    ledger: { ...ledger, counts, tracked, seatRev: Math.max(me.rev, ledger.seatRev) },
  });
}

/** The server has counted anew for somebody who asked when `recount` was this. */
export const withRecount = (state: ConversationState, recount: number): ConversationState =>
  state.ledger.recount === recount ? { ...state, ledger: { ...state.ledger, recount: 0 } } : state;

function withMembers(state: ConversationState, members: Ledger['members']): ConversationState {
  const moves = new Map([...state.ledger.moves].filter(([seq]) => seq > members.seq));
  return { ...state, ledger: { ...state.ledger, members, moves } };
}

/** What has reached another device of the reader is told by a receipt of their own inbox. */
function withOwnDelivery(
  state: ConversationState,
  { userId, inboxRev, lastDeliveredSeq }: Pick<Receipt, 'userId' | 'lastDeliveredSeq'> & { inboxRev: number },
): ConversationState {
  const { conversation } = state;
  const isOwn = inboxRev > 0 && conversation.peer?.id !== userId;
  if (!isOwn || lastDeliveredSeq <= conversation.me.lastDeliveredSeq) return state;
  return { ...state, conversation: { ...conversation, me: { ...conversation.me, lastDeliveredSeq } } };
}

/** How far somebody has come: a mark never moves back. */
export function withReceipt(
  told: ConversationState,
  { userId, inboxRev = 0, lastDeliveredSeq, lastReadSeq }: Receipt,
): ConversationState {
  const state = withOwnDelivery(withSeatRev(told, inboxRev), { userId, inboxRev, lastDeliveredSeq });
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
