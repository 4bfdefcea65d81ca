import { type ConversationState, type Message, type OutboxEntry, stretchOf } from '@parley/sdk';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { rowsOf, seqUpTo, type TimelineRow } from './rows.js';
import { useLoads } from './use-loads.js';
import { useReading } from './use-reading.js';

/** More is loaded when the end of what is there is this near, in pixels. */
const NEAR = 600;
/** Who is this near to the end stays there when something comes, in pixels. */
const AT_END = 40;
const PAGE = 50;
const HIGHLIGHT = 2_000;
/** Room below the last message, in pixels. */
const BELOW = 8;
/** After a jump everything has been measured by then, in ms. */
const SETTLED = 200;
/** More messages than this are not held, but only so many on either side of what is on screen. */
const MOST = 1_000;
const NEARBY = 300;
/** A scroll so soon after a wheel, a finger or a key is theirs, in ms. */
const BY_HAND = 1_000;
/** A position that is loaded shows within this time, in ms. */
const UNREACHED = 1_000;
const NOTHING: readonly OutboxEntry[] = [];

/** The row of a position, or of what comes next where that has none; -1 while it is not loaded. */
function placeOf(rows: readonly TimelineRow[], messages: readonly Message[], seq: number | undefined): number {
  if (seq === undefined || seq < (messages[0]?.seq ?? Infinity) || seq > (messages.at(-1)?.seq ?? 0)) return -1;
  const place = rows.findIndex((row) => row.kind === 'message' && row.message.seq >= seq);
  return place < 0 ? rows.length - 1 : place;
}

/**
 * Where somebody is in a conversation: the rows that are there, and how the list of them moves. It begins at what was not
 * read yet or at the end, goes to what is asked for, stays at the end while one is there, has more loaded before it is
 * reached and lets go of what is far away.
 */
export function usePlace({
  state,
  outbox: whole,
  target,
}: {
  readonly state: ConversationState;
  readonly outbox: readonly OutboxEntry[];
  /** A position to show. */
  readonly target: { readonly seq: number } | undefined;
}) {
  const { conversation } = state;
  const { id, me, lastSeq } = conversation;
  const userId = useUserId();
  const list = useRef<VirtualizerHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [firstUnread] = useState(() => (me.unreadCount > 0 ? me.lastReadSeq + 1 : null));
  const [around, setAround] = useState<number>();
  const [anchor, setAnchor] = useState(firstUnread ?? undefined);
  const [isAtEnd, setAtEnd] = useState(true);
  const [highlit, setHighlit] = useState<number>();
  const { isLoading, isBusy, hasFailed, load, again } = useLoads();

  const stretch = useMemo(() => stretchOf(state, around), [state, around]);
  const own = useMemo(() => whole.filter(({ message }) => message.conversationId === id), [whole, id]);
  // What is on its way comes after the last message, which may not be what is looked at.
  const outbox = stretch.hasMoreAfter ? NOTHING : own;
  const { hasMoreBefore, hasMoreAfter } = stretch;
  const rows = useMemo(
    () => rowsOf(stretch.messages, outbox, { firstUnread, userId, hasMoreBefore }),
    [stretch, outbox, firstUnread, userId, hasMoreBefore],
  );

  const first = stretch.messages[0]?.seq ?? 0;
  const shownFirst = useRef(first);
  // What comes above, or goes from there, leaves those on screen where they are.
  // Where nothing scrolls yet nothing has to stay, and the list would wait for a scroll that never comes.
  const scrolls = useRef(false);
  const isMovedAbove = scrolls.current && first !== shownFirst.current;
  useLayoutEffect(() => {
    shownFirst.current = first;
  });

  // The first screen: what was not read yet, else the end.
  useEffect(() => {
    if (target) return;
    const isFar = firstUnread !== null && lastSeq - firstUnread >= PAGE;
    if (isFar) setAround(firstUnread);
    void load(() =>
      isFar ? parley.store.loadAround(id, firstUnread, PAGE) : parley.store.loadBefore(id, undefined, PAGE),
    );
    // Once for each conversation: it is another component for another one.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id]);

  // A position that is asked for.
  useEffect(() => {
    if (!target) return undefined;
    const seq = Math.min(Math.max(target.seq, me.visibleFromSeq), lastSeq);
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      if (isOver) return;
      setAround(seq);
      setAnchor(seq);
      setHighlit(seq);
      timer = setTimeout(() => setHighlit(undefined), HIGHLIGHT);
    };
    // One stays where one is until there is something to see there.
    if (stretchOf(state, seq).messages.length > 0) show();
    else void load(() => parley.store.loadAround(id, seq, PAGE).then(show));
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
    // Only where to go counts, not what comes meanwhile.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id, target]);

  // Goes there once it is loaded; who scrolls on is left alone.
  const anchorIndex = placeOf(rows, stretch.messages, anchor);
  useLayoutEffect(() => {
    if (anchorIndex < 0) return;
    list.current?.scrollToIndex(anchorIndex, { align: 'center' });
    setAnchor(undefined);
    setAtEnd(false);
    // Where all of it is on the screen nothing scrolls, and nothing says so.
    setTimeout(() => latest.current(), SETTLED);
  }, [anchorIndex, target]);

  // A position that has not come with what was loaded is not waited for.
  useEffect(() => {
    if (anchor === undefined || isLoading || hasFailed) return undefined;
    const timer = setTimeout(() => setAnchor(undefined), UNREACHED);
    return () => clearTimeout(timer);
  }, [anchor, isLoading, hasFailed]);

  // Who is at the end stays there, also when what is written needs more room.
  const last = rows.at(-1);
  const isFollowing = isAtEnd && !hasMoreAfter && anchor === undefined;
  useLayoutEffect(() => {
    const scroll = () => list.current?.scrollToIndex(rows.length - 1, { align: 'end', offset: BELOW });
    if (!isFollowing || rows.length === 0 || !frame.current) return undefined;
    scroll();
    const sizes = new ResizeObserver(scroll);
    sizes.observe(frame.current);
    return () => sizes.disconnect();
  }, [last, rows.length, isFollowing]);

  // Who sends something wants to see it.
  const sending = own.findLast((entry) => entry.state === 'sending')?.message.clientMessageId;
  const wasSending = useRef(sending);
  useLayoutEffect(() => {
    if (sending === undefined || sending === wasSending.current) return;
    wasSending.current = sending;
    toEnd();
  });

  const read = useReading(state);
  const look = () => {
    const handle = list.current;
    if (!handle || anchor !== undefined || isBusy()) return;
    const { scrollOffset, scrollSize, viewportSize } = handle;
    scrolls.current = viewportSize > 0 && scrollSize > viewportSize;
    const left = scrollSize - viewportSize - scrollOffset;
    const lowest = handle.findItemIndex(scrollOffset + viewportSize - 8);
    const seen = seqUpTo(rows, lowest);
    // Below the last message there is only what is on its way out.
    if (rows[lowest] && !rows.slice(lowest).some(({ kind }) => kind === 'message')) read(lastSeq);
    else if (seen !== undefined) read(seen);
    // Who stays at the end is there before what has come is scrolled to.
    const place = isAtEnd ? stretch.messages.at(-1)?.seq : seen;
    // From here on this is where one is, also if much comes at once and there is a hole before the end.
    if (around === undefined && place !== undefined) setAround(place);
    // What is here already but not drawn yet is neither asked for again nor let go of.
    const now = parley.store.getState().conversations.get(id);
    const there = now === state ? stretch : now && stretchOf(now, around);
    const isDrawn = (end: 0 | -1) => there?.messages.at(end)?.seq === stretch.messages.at(end)?.seq;
    if (state.messages.length > MOST && now === state && place !== undefined) {
      setAround(place);
      parley.store.release(id, { from: place - NEARBY, to: place + NEARBY });
      return;
    }
    if (hasFailed) return;
    if (hasMoreBefore && scrollOffset < NEAR && isDrawn(0)) void load(() => parley.store.loadBefore(id, around, PAGE));
    else if (hasMoreAfter && left < NEAR && isDrawn(-1))
      void load(() => parley.store.loadAfter(id, around ?? lastSeq, PAGE));
  };
  const offset = useRef(0);
  const touchedAt = useRef(-Infinity);
  const touch = () => {
    touchedAt.current = performance.now();
  };
  const onScroll = () => {
    const scroller = frame.current;
    if (!scroller || anchor !== undefined) return;
    // As the browser has it: the list hears of a change of size only later.
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    // What comes at the end is drawn before it is scrolled to, what is let go of above moves the rest, and when much comes at
    // once there is a hole for a moment: only who moves up by hand, or about before a hole, has left the end.
    const isByHand = performance.now() - touchedAt.current < BY_HAND;
    const hasMovedUp = scrollTop < offset.current;
    offset.current = scrollTop;
    const isThere = scrollHeight - clientHeight - scrollTop < AT_END && !hasMoreAfter;
    if (isThere || (isByHand && (hasMovedUp || hasMoreAfter))) setAtEnd(isThere);
    look();
  };
  const latest = useRef(onScroll);
  // What is seen changes without a scroll when something comes, and when the page is looked at again.
  useEffect(() => {
    latest.current = onScroll;
    look();
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  });

  const toEnd = () => {
    setAround(undefined);
    setAnchor(undefined);
    setAtEnd(true);
    if (hasMoreAfter) void load(() => parley.store.loadBefore(id, undefined, PAGE));
    list.current?.scrollToIndex(rows.length - 1, { align: 'end', offset: BELOW });
  };

  return {
    rows,
    /** What scrolls, and the list within it. */
    frame,
    list,
    isMovedAbove,
    /** A position that was asked for a moment ago. */
    highlit,
    isLoading,
    hasFailed,
    again,
    isAway: !isAtEnd || hasMoreAfter,
    toEnd,
    onScroll,
    /** A wheel, a finger or a key: what scrolls now does so by hand. */
    touch,
    isEmpty: rows.length === 0 && !hasMoreBefore,
  };
}
