import { type ConversationState, type Message, outboxOf, stretchOf } from '@parley/sdk';
import { ArrowDown, Hand } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { parley } from '../app/parley.js';
import { useStore } from '../app/use-store.js';
import { EmptyState } from '../ui/empty-state.js';
import { Spinner } from '../ui/spinner.js';
import { MessageRow } from './message-row.js';
import { OutgoingRow } from './outgoing-row.js';
import { rowsOf } from './rows.js';
import { useReading } from './use-reading.js';

/** More is loaded when the end of what is there is this near, in pixels. */
const NEAR = 600;
/** Who is this near to the end stays there when something comes, in pixels. */
const AT_END = 40;
const PAGE = 50;
const HIGHLIGHT = 2_000;

/** The messages of a conversation: only those on screen are on the page, however many there are. */
export function Timeline({
  state,
  at,
  onJump,
  onReply,
  onEdit,
}: {
  readonly state: ConversationState;
  /** A position to show. */
  readonly at: number | undefined;
  readonly onJump: (seq: number) => void;
  readonly onReply: (message: Message) => void;
  readonly onEdit: (message: Message) => void;
}) {
  const t = useTranslations('chat');
  const { conversation } = state;
  const { id, me, lastSeq } = conversation;
  const list = useRef<VirtualizerHandle>(null);
  const [firstUnread] = useState(() => (me.unreadCount > 0 ? me.lastReadSeq + 1 : null));
  const [around, setAround] = useState<number>();
  const [anchor, setAnchor] = useState(firstUnread ?? undefined);
  const [isAtEnd, setAtEnd] = useState(true);
  const [highlit, setHighlit] = useState<number>();
  const [isLoading, setLoading] = useState(false);

  const whole = useStore(({ outbox }) => outbox);
  const stretch = useMemo(() => stretchOf(state, around), [state, around]);
  const outbox = useMemo(
    () => (stretch.hasMoreAfter ? [] : outboxOf({ ...parley.store.getState(), outbox: whole }, id)),
    [whole, id, stretch.hasMoreAfter],
  );
  const rows = useMemo(() => rowsOf(stretch.messages, outbox, firstUnread), [stretch, outbox, firstUnread]);
  const { hasMoreBefore, hasMoreAfter } = stretch;

  const first = stretch.messages[0]?.seq ?? 0;
  const shownFirst = useRef(first);
  // Older messages above keep those on screen where they are.
  const isPrepended = first < shownFirst.current;
  useLayoutEffect(() => {
    shownFirst.current = first;
  });

  const load = async (work: () => Promise<unknown>) => {
    setLoading(true);
    // What cannot be loaded now is asked for again with the next scroll; the banner says that the server is away.
    await work().catch(() => undefined);
    setLoading(false);
  };

  // The first screen: what was not read yet, else the end.
  useEffect(() => {
    if (at !== undefined) return;
    const isFar = firstUnread !== null && lastSeq - firstUnread > PAGE;
    if (isFar) setAround(firstUnread);
    void load(() =>
      isFar ? parley.store.loadAround(id, firstUnread, PAGE) : parley.store.loadBefore(id, undefined, PAGE),
    );
    // Once for each conversation: it is another component for another one.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id]);

  // A position that is asked for by the address.
  useEffect(() => {
    if (at === undefined) return undefined;
    setAround(at);
    setAnchor(at);
    setHighlit(at);
    void load(() => parley.store.loadAround(id, at, PAGE));
    const timer = setTimeout(() => setHighlit(undefined), HIGHLIGHT);
    return () => clearTimeout(timer);
  }, [id, at]);

  // Goes there once it is loaded; who scrolls on is left alone.
  const anchorIndex = rows.findIndex((row) => row.kind === 'message' && row.message.seq === anchor);
  useLayoutEffect(() => {
    if (anchorIndex < 0) return;
    list.current?.scrollToIndex(anchorIndex, { align: 'center' });
    setAnchor(undefined);
    setAtEnd(false);
  }, [anchorIndex]);

  // Who is at the end stays there.
  const lastKey = rows.at(-1)?.key;
  const isFollowing = isAtEnd && !hasMoreAfter && anchor === undefined;
  const isOwnLast = rows.at(-1)?.kind === 'outgoing';
  useLayoutEffect(() => {
    if ((isFollowing || isOwnLast) && rows.length > 0) list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [lastKey, rows.length, isFollowing, isOwnLast]);

  const read = useReading(state);
  const look = () => {
    const handle = list.current;
    if (!handle) return;
    const { scrollOffset, scrollSize, viewportSize } = handle;
    const left = scrollSize - viewportSize - scrollOffset;
    setAtEnd(left < AT_END && !hasMoreAfter);
    const lowest = rows[handle.findItemIndex(scrollOffset + viewportSize - 8)];
    if (lowest?.kind === 'message') read(lowest.message.seq);
    else if (lowest) read(lastSeq);
    if (isLoading) return;
    if (hasMoreBefore && scrollOffset < NEAR) void load(() => parley.store.loadBefore(id, around, PAGE));
    else if (hasMoreAfter && left < NEAR) void load(() => parley.store.loadAfter(id, around ?? lastSeq, PAGE));
  };
  // What is seen changes without a scroll when something comes, and when the page is looked at again.
  useEffect(() => {
    look();
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  });

  const toEnd = () => {
    setAround(undefined);
    setAtEnd(true);
    if (hasMoreAfter) void load(() => parley.store.loadBefore(id, undefined, PAGE));
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  };

  if (rows.length === 0 && !hasMoreBefore) {
    return (
      <EmptyState icon={<Hand size={48} strokeWidth={1.5} />} title={t('empty.title')}>
        <p>{t('empty.about')}</p>
      </EmptyState>
    );
  }
  return (
    <div className="relative min-h-0 flex-1">
      {isLoading && (
        <div
          role="status"
          aria-label={t('loading')}
          className="absolute top-2 left-1/2 z-10 -translate-x-1/2 rounded-full bg-raised p-2 shadow"
        >
          <Spinner />
        </div>
      )}
      <div
        role="log"
        aria-label={t('messages')}
        // It can be scrolled by the keys.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="flex h-full flex-col overflow-y-auto py-2 [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        {/* Few messages stand at the bottom, next to where one writes. */}
        <div className="grow" />
        <Virtualizer ref={list} shift={isPrepended} onScroll={look} data={rows}>
          {(row) =>
            row.kind === 'message' ? (
              <MessageRow
                key={row.key}
                row={row}
                state={state}
                isHighlit={row.message.seq === highlit}
                onJump={onJump}
                onReply={onReply}
                onEdit={onEdit}
              />
            ) : (
              <OutgoingRow key={row.key} entry={row.entry} />
            )
          }
        </Virtualizer>
      </div>
      {(!isAtEnd || hasMoreAfter) && (
        <button
          type="button"
          onClick={toEnd}
          aria-label={t('toEnd', { count: me.unreadCount })}
          className="absolute right-4 bottom-3 flex size-11 items-center justify-center rounded-full bg-raised text-ink shadow-lg hover:bg-hover"
        >
          <ArrowDown aria-hidden size={20} />
          {me.unreadCount > 0 && (
            <span
              aria-hidden
              className="absolute -top-1.5 rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent"
            >
              {me.unreadCount}
            </span>
          )}
        </button>
      )}
    </div>
  );
}
