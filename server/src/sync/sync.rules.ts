import type { SyncCursor } from '@parley/protocol';

/** As much of a member's conversation as says whether there is news. */
export interface Standing {
  readonly id: string;
  readonly lastSeq: number;
  readonly rev: number;
  /** The first message the member can read. */
  readonly visibleFromSeq: number;
  /** The member's inbox counter when their place last changed. */
  readonly inboxRev: number;
}

/** What of one conversation is to be read for a client that has it up to `cursor`. */
export interface Stretch {
  readonly standing: Standing;
  readonly cursor: SyncCursor;
  /** How many new messages of it come with this answer. */
  readonly take: number;
}

/** What one answer holds; what is left out comes with the next one. */
export interface Plan {
  readonly inboxRev: number;
  /** Conversations to be shown whole. */
  readonly shown: readonly string[];
  readonly stretches: readonly Stretch[];
  readonly resync: readonly string[];
  readonly removed: readonly string[];
  readonly more: boolean;
}

/** The most of each that one answer holds. */
export const MOST_CONVERSATIONS = 500;
export const MOST_MESSAGES = 1_000;
/** New messages of one conversation within one answer. */
export const MOST_OF_ONE = 100;
/** Who has missed more than this of a conversation starts at its end: what lies between is history. */
export const TOO_FAR = 5_000;

/**
 * A cursor that cannot be served: it was not given out here, lies too far back, or ends before what the member can read
 * now, so that following it would leave a hole.
 */
function needsResync({ lastSeq, rev, visibleFromSeq }: Standing, cursor: SyncCursor): boolean {
  const isForeign = cursor.seq > lastSeq || cursor.rev > rev;
  const isBehind = cursor.seq < visibleFromSeq - 1 && cursor.seq < lastSeq;
  return isForeign || isBehind || lastSeq - cursor.seq > TOO_FAR;
}

const hasNews = ({ lastSeq, rev }: Standing, cursor: SyncCursor): boolean => lastSeq > cursor.seq || rev > cursor.rev;

/** How many of the changes since the cursor are not new messages: of so many others there may be something to tell. */
const changesSince = ({ lastSeq, rev }: Standing, cursor: SyncCursor): number =>
  Math.max(0, rev - cursor.rev - (lastSeq - cursor.seq));

/**
 * Decides what one answer holds. `standings` are the member's conversations, most recent activity first; `inboxRev` is
 * how far the inbox is to be told in this answer. Places that changed come in the order of their numbers, so that a
 * shortened answer ends at a number before which nothing is missing.
 */
export function planSync(
  standings: readonly Standing[],
  cursors: ReadonlyMap<string, SyncCursor>,
  inbox: { readonly known: number; readonly rev: number },
): Plan {
  const here = new Set(standings.map(({ id }) => id));
  const known = standings.flatMap((standing) => {
    const cursor = cursors.get(standing.id);
    return cursor ? [{ standing, cursor }] : [];
  });
  const moved = known
    .map(({ standing }) => standing)
    .filter(({ inboxRev }) => inboxRev > inbox.known && inboxRev <= inbox.rev)
    .sort((a, b) => a.inboxRev - b.inboxRev);
  const shownMoved = moved.slice(0, MOST_CONVERSATIONS);
  const shown = new Set(shownMoved.map(({ id }) => id));

  const lost = known.filter(({ standing, cursor }) => needsResync(standing, cursor)).map(({ standing }) => standing.id);
  const fresh = standings.filter(({ id }) => !cursors.has(id)).map(({ id }) => id);
  const isLost = new Set(lost);
  const stretches: Stretch[] = [];
  let left = MOST_MESSAGES;
  let isShortened = shownMoved.length < moved.length;
  const admit = (id: string): boolean => {
    if (shown.has(id)) return true;
    if (shown.size >= MOST_CONVERSATIONS) return false;
    shown.add(id);
    return true;
  };

  for (const { standing, cursor } of known) {
    if (isLost.has(standing.id) || !hasNews(standing, cursor)) continue;
    const take = Math.min(standing.lastSeq - cursor.seq, MOST_OF_ONE, Math.max(0, left));
    const isFull = left <= 0 || (take === 0 && standing.lastSeq > cursor.seq);
    if (isFull || !admit(standing.id)) {
      isShortened = true;
      continue;
    }
    left -= take + Math.min(changesSince(standing, cursor), MOST_OF_ONE);
    stretches.push({ standing, cursor, take });
  }
  const whole = [...lost, ...fresh];
  const admitted = whole.filter(admit);
  return {
    inboxRev: shownMoved.length < moved.length ? (shownMoved.at(-1)?.inboxRev ?? inbox.known) : inbox.rev,
    shown: [...shown],
    stretches,
    resync: admitted.filter((id) => isLost.has(id)),
    removed: [...cursors.keys()].filter((id) => !here.has(id)),
    more: isShortened || admitted.length < whole.length,
  };
}
