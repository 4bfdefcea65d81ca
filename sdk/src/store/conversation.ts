import type { Conversation, Message, ReceiptMarks, Seat } from '@parley/protocol';
import { type Counted, type Delta, deltaOf, NO_DELTA, type Tracked } from './counts.js';
import { hasGap, type Progress, startAt } from './progress.js';
import { itemAt } from './timeline.js';

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
export interface Ledger {
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

export const countsOf = ({ unreadCount, mentionCount }: Seat, rev: number) => ({
  unread: unreadCount,
  mentions: mentionCount,
  rev,
});

export const countedOf = ({ conversation, ledger }: ConversationState): Counted => ({
  rev: ledger.counts.rev,
  lastReadSeq: conversation.me.lastReadSeq,
});

/** Adds up anew what events have changed in the counts. */
export function recounted(state: ConversationState): ConversationState {
  const { ledger } = state;
  let [unread, mentions] = [0, 0];
  for (const item of ledger.tracked) {
    const delta = deltaOf(item, countedOf(state), ledger.hidden.has(item.seq));
    unread += delta?.unread ?? 0;
    mentions += delta?.mentions ?? 0;
  }
  return { ...state, ledger: { ...ledger, delta: { unread, mentions } } };
}

export function withProgress(state: ConversationState, progress: Progress): ConversationState {
  if (progress === state.ledger.progress) return state;
  const rev = Math.max(state.conversation.rev, progress.rev);
  const conversation = rev === state.conversation.rev ? state.conversation : { ...state.conversation, rev };
  return { ...state, conversation, ledger: { ...state.ledger, progress } };
}

export const hiddenAmong = (messages: readonly Message[]): number[] =>
  messages.flatMap(({ seq, isHidden }) => (isHidden ? [seq] : []));

export const withSeqs = (held: ReadonlySet<number>, seqs: readonly number[]): ReadonlySet<number> =>
  seqs.every((seq) => held.has(seq)) ? held : new Set([...held, ...seqs]);

/** Completes the conversation with what follows from the rest. */
export function settle(state: ConversationState): ConversationState {
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
