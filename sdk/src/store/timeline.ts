import { type Message, type Quote, QUOTE_LENGTH } from '@parley/protocol';

/** The place of the first item at or behind `seq` in a list that ascends. */
export function placeOf(items: readonly { readonly seq: number }[], seq: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The item at `seq` in a list that ascends. */
export function itemAt<T extends { readonly seq: number }>(items: readonly T[], seq: number): T | undefined {
  const item = items[placeOf(items, seq)];
  return item?.seq === seq ? item : undefined;
}

/** A list that ascends, with this item in it. */
function withItem<T extends { readonly seq: number }>(items: readonly T[], item: T): readonly T[] {
  const place = placeOf(items, item.seq);
  const held = items[place];
  if (held === item) return items;
  return items.toSpliced(place, held?.seq === item.seq ? 1 : 0, item);
}

/** A message as its reader sees it who has deleted it for themselves. */
export const hide = (message: Message): Message => ({
  id: message.id,
  conversationId: message.conversationId,
  seq: message.seq,
  rev: message.rev,
  senderId: message.senderId,
  clientMessageId: message.clientMessageId,
  messageType: message.messageType,
  content: null,
  metadata: {},
  attachments: [],
  replyTo: null,
  reactions: [],
  mentions: [],
  isEdited: message.isEdited,
  editedAt: message.editedAt,
  deletedAt: message.deletedAt,
  createdAt: message.createdAt,
  isHidden: true,
});

/** How a reply shows this message; null for one of which nothing is known but its place. */
export function quoteOf(message: Message): Quote | null {
  if (message.isHidden && message.deletedAt === null) return null;
  const { id, seq, senderId, messageType, content, deletedAt } = message;
  return { id, seq, senderId, messageType, content: deletedAt === null ? excerpt(content) : null, deletedAt };
}

/** The first code points of a text. Each is one or two units, so twice as many units hold enough of them. */
const excerpt = (content: string | null): string | null =>
  content === null
    ? null
    : Array.from(content.slice(0, 2 * QUOTE_LENGTH))
        .slice(0, QUOTE_LENGTH)
        .join('');

const isBare = (quote: Quote): boolean => quote.senderId === null;

export const isSameQuote = (a: Quote | null, b: Quote | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.seq === b.seq &&
    a.senderId === b.senderId &&
    a.content === b.content &&
    a.deletedAt === b.deletedAt);

/**
 * Of two versions of a message the one that holds. Of one change there can be two: a quote that is only hinted at to
 * everyone is completed for those who may see it, and what is due to disappear is shown as gone before it is.
 */
export function newerOf(held: Message, incoming: Message): Message {
  if (incoming.rev !== held.rev) return incoming.rev > held.rev ? incoming : held;
  if (held.deletedAt !== null && incoming.deletedAt === null) return held;
  const { replyTo } = incoming;
  const quote = replyTo && isBare(replyTo) && held.replyTo ? held.replyTo : replyTo;
  const isSame = isSameQuote(quote, held.replyTo) && held.deletedAt === incoming.deletedAt;
  if (isSame && held.isHidden === incoming.isHidden) return held;
  return quote === replyTo ? incoming : { ...incoming, replyTo: quote };
}

/** Both lists in one, ascending; of a message in both the version that holds. */
export function merge(held: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const [first] = incoming;
  if (!first) return held;
  if (incoming.length === 1) {
    const known = itemAt(held, first.seq);
    return withItem(held, known ? newerOf(known, first) : first);
  }
  const merged: Message[] = [];
  let isChanged = false;
  let next = 0;
  for (const message of incoming.toSorted((a, b) => a.seq - b.seq)) {
    for (let other = held[next]; other && other.seq < message.seq; other = held[(next += 1)]) merged.push(other);
    const last = merged.at(-1);
    const known = held[next]?.seq === message.seq ? held[next] : undefined;
    if (known) next += 1;
    if (last?.seq === message.seq) merged.pop();
    const base = known ?? (last?.seq === message.seq ? last : undefined);
    const winner = base ? newerOf(base, message) : message;
    if (winner !== base) isChanged = true;
    merged.push(winner);
  }
  merged.push(...held.slice(next));
  return isChanged ? merged : held;
}

/** What has come: the positions of messages, and what replies show of those that say something else than before. */
interface Arrival {
  readonly seqs: readonly number[];
  readonly quotes: ReadonlyMap<number, Quote>;
}

/** Replies with what they quote as it is now, as far as `quoteAt` knows it. */
export function withQuotes(
  messages: readonly Message[],
  came: Arrival,
  quoteAt: (seq: number) => Quote | null,
  visibleFromSeq: number,
): readonly Message[] {
  let result: Message[] | undefined;
  const show = (index: number, quote: Quote | null | undefined) => {
    const message = (result ?? messages)[index];
    if (!message?.replyTo || message.replyTo.seq < visibleFromSeq) return;
    if (!quote || isSameQuote(quote, message.replyTo)) return;
    result ??= [...messages];
    result[index] = { ...message, replyTo: quote };
  };
  for (const seq of came.seqs) {
    const index = placeOf(messages, seq);
    const replyTo = messages[index]?.seq === seq ? messages[index]?.replyTo : null;
    if (replyTo) show(index, quoteAt(replyTo.seq));
  }
  // A reply comes after what it quotes.
  const first = Math.min(...came.quotes.keys());
  for (let index = placeOf(messages, first + 1); index < messages.length; index += 1) {
    show(index, came.quotes.get(messages[index]?.replyTo?.seq ?? 0));
  }
  return result ?? messages;
}
