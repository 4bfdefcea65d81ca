import type { Message, OutboxEntry } from '@parley/sdk';

/** What the timeline shows, one under the other. */
export type TimelineRow =
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      /** The first of its day: the date stands above it. */
      readonly isNewDay: boolean;
      /** The first that was not read when the conversation was opened. */
      readonly isFirstUnread: boolean;
      /** Somebody goes on: the name and the picture are above already. */
      readonly goesOn: boolean;
    }
  | { readonly kind: 'outgoing'; readonly key: string; readonly entry: OutboxEntry };

/** Messages of one person within this time stand together, in ms. */
const TOGETHER = 300_000;

/** Reading a date is slow, and a long conversation has many. */
const days = new WeakMap<Message, string>();
function dayOf(message: Message): string {
  const known = days.get(message);
  if (known !== undefined) return known;
  const day = new Date(message.createdAt).toDateString();
  days.set(message, day);
  return day;
}

/**
 * The rows of a stretch of messages and of what is on its way out after it; `firstUnread` is a position, or null. What
 * the reader has deleted for themselves has none, and nobody has to read what they wrote.
 */
export function rowsOf(
  messages: readonly Message[],
  outbox: readonly OutboxEntry[],
  { firstUnread, userId }: { readonly firstUnread: number | null; readonly userId: string },
): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let isLineDue = firstUnread !== null && (messages[0]?.seq ?? Infinity) <= firstUnread;
  let before: Message | undefined;
  for (const message of messages) {
    if (message.isHidden) continue;
    const isNewDay = !before || dayOf(before) !== dayOf(message);
    const isFirstUnread = isLineDue && message.seq >= (firstUnread ?? 0) && message.senderId !== userId;
    if (isFirstUnread) isLineDue = false;
    rows.push({
      kind: 'message',
      key: message.id,
      message,
      isNewDay,
      isFirstUnread,
      goesOn: before !== undefined && !isNewDay && !isFirstUnread && areTogether(before, message),
    });
    before = message;
  }
  for (const entry of outbox) rows.push({ kind: 'outgoing', key: entry.message.clientMessageId, entry });
  return rows;
}

const areTogether = (before: Message, after: Message): boolean =>
  before.senderId === after.senderId &&
  before.messageType !== 'system' &&
  after.messageType !== 'system' &&
  Date.parse(after.createdAt) - Date.parse(before.createdAt) < TOGETHER;
