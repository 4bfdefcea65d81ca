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
 * The rows of a stretch of messages and of what is not among them yet: what is on its way comes after them, what was refused
 * where it was written; not before the first of the stretch, unless that is the first of all. `firstUnread` is a position,
 * or null. What the reader has deleted for themselves has no row, and nobody has to read what they wrote.
 */
export function rowsOf(
  messages: readonly Message[],
  outbox: readonly OutboxEntry[],
  {
    firstUnread,
    userId,
    hasMoreBefore = false,
  }: { readonly firstUnread: number | null; readonly userId: string; readonly hasMoreBefore?: boolean },
): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let isLineDue = firstUnread !== null && (messages[0]?.seq ?? Infinity) <= firstUnread;
  let before: Message | undefined;
  const refused = outbox.filter(({ state }) => state === 'failed');
  /** Adds what was refused before a moment, or at whatever time. */
  const addRefused = (createdAt?: string) => {
    for (let [entry] = refused; entry && (createdAt === undefined || entry.queuedAt < createdAt); [entry] = refused) {
      refused.shift();
      if (before || !hasMoreBefore || createdAt === undefined) rows.push(toRow(entry));
    }
  };
  for (const message of messages) {
    if (message.isHidden) continue;
    addRefused(message.createdAt);
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
  addRefused();
  return [...rows, ...outbox.filter(({ state }) => state !== 'failed').map(toRow)];
}

const toRow = (entry: OutboxEntry): TimelineRow => ({
  kind: 'outgoing',
  key: entry.message.clientMessageId,
  entry,
});

/** The position of the last message up to a row; undefined before the first. */
export function seqUpTo(rows: readonly TimelineRow[], place: number): number | undefined {
  const row = rows.slice(0, place + 1).findLast(({ kind }) => kind === 'message');
  return row?.kind === 'message' ? row.message.seq : undefined;
}

const areTogether = (before: Message, after: Message): boolean =>
  before.senderId === after.senderId &&
  before.messageType !== 'system' &&
  after.messageType !== 'system' &&
  Date.parse(after.createdAt) - Date.parse(before.createdAt) < TOGETHER;
