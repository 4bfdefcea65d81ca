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

const dayOf = (moment: string): string => new Date(moment).toDateString();

/** The rows of a stretch of messages and of what is on its way out after it; `firstUnread` is a position, or null. */
export function rowsOf(
  messages: readonly Message[],
  outbox: readonly OutboxEntry[],
  firstUnread: number | null,
): TimelineRow[] {
  const rows: TimelineRow[] = messages.map((message, index) => {
    const before = messages[index - 1];
    const isNewDay = !before || dayOf(before.createdAt) !== dayOf(message.createdAt);
    const isFirstUnread = message.seq === firstUnread;
    return {
      kind: 'message',
      // A message that one has sent keeps its place on the page when the server has given it one.
      key: message.clientMessageId === null ? message.id : `${message.senderId} ${message.clientMessageId}`,
      message,
      isNewDay,
      isFirstUnread,
      goesOn: before !== undefined && !isNewDay && !isFirstUnread && areTogether(before, message),
    };
  });
  return [...rows, ...outbox.map((entry): TimelineRow => ({ kind: 'outgoing', key: keyOf(entry), entry }))];
}

const keyOf = ({ message }: OutboxEntry): string => `outgoing ${message.clientMessageId}`;

const areTogether = (before: Message, after: Message): boolean =>
  before.senderId === after.senderId &&
  before.messageType !== 'system' &&
  after.messageType !== 'system' &&
  Date.parse(after.createdAt) - Date.parse(before.createdAt) < TOGETHER;
