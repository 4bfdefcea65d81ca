import {
  type Conversation,
  type ConversationState,
  conversationsByActivity,
  type Message,
  stretchOf,
  type StoreState,
} from '@parley/sdk';
import { nameOf } from './naming.js';

/** Without regard to case and accents: "duong" finds "Đường". */
export const folded = (text: string): string =>
  text.toLocaleLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd');

const isCalled = (conversation: Conversation, wanted: string): boolean =>
  [nameOf(conversation), conversation.peer?.username ?? ''].some((name) => folded(name).includes(wanted));

/** The conversations of a list: pinned ones first, then by activity. */
export function listed(
  state: StoreState,
  { isArchive, search }: { readonly isArchive: boolean; readonly search: string },
): ConversationState[] {
  const wanted = folded(search.trim());
  const chosen = conversationsByActivity(state).filter(({ conversation }) =>
    wanted === '' ? conversation.me.archived === isArchive : isCalled(conversation, wanted),
  );
  const pinned = wanted === '' ? chosen.filter(({ conversation }) => conversation.me.pinned) : [];
  return pinned.length === 0 ? chosen : [...pinned, ...chosen.filter(({ conversation }) => !conversation.me.pinned)];
}

/** How many conversations have been put away. */
export const archivedIn = ({ conversations }: StoreState): number =>
  [...conversations.values()].filter(({ conversation }) => conversation.me.archived).length;

/** Whether there is something to read, or marked so. */
export const isUnread = ({ conversation: { me } }: ConversationState): boolean => me.unreadCount > 0 || me.markedUnread;

/** What was said last that the reader has not deleted for themselves; undefined where that is not loaded. */
export function lastShown(state: ConversationState): Message | undefined {
  const { lastMessage } = state.conversation;
  // Beyond a hole may lie what was said later.
  if (lastMessage?.isHidden) return stretchOf(state).messages.findLast(({ isHidden }) => !isHidden);
  return lastMessage ?? undefined;
}
