import type { ConversationState, Message, OutboxEntry } from '@parley/sdk';
import { ArrowDown, Hand } from 'lucide-react';
import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { Virtualizer } from 'virtua';
import { Button } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { EmptyState } from '../ui/empty-state.js';
import { Spinner } from '../ui/spinner.js';
import type { Deed } from './deeds.js';
import { MessageRow } from './message-row.js';
import { OutgoingRow } from './outgoing-row.js';
import { usePlace } from './use-place.js';
import { useWalk } from './use-walk.js';

/** Where the timeline says how it fares. */
const ABOVE = 'absolute top-2 left-1/2 z-10 -translate-x-1/2 rounded-full bg-raised shadow';
/** The messages of a conversation: only those on screen are on the page, however many there are. */
export const Timeline = memo(function Timeline({
  state,
  outbox,
  target,
  onJump,
  onAct,
  onRecall,
}: {
  readonly state: ConversationState;
  readonly outbox: readonly OutboxEntry[];
  /** A position to show. */
  readonly target: { readonly seq: number } | undefined;
  readonly onJump: (seq: number) => void;
  readonly onAct: (deed: Deed, message: Message) => void;
  readonly onRecall: (entry: OutboxEntry) => void;
}) {
  const t = useTranslations('chat');
  const place = usePlace({ state, outbox, target });
  const { rows, list } = place;
  const { unreadCount } = state.conversation.me;
  const walk = useWalk({ rows, list, onAct });

  if (place.isEmpty) {
    return (
      <EmptyState icon={<Hand size={48} strokeWidth={1.5} />} title={t('empty.title')}>
        <p>{t('empty.about')}</p>
      </EmptyState>
    );
  }
  return (
    <div className="relative min-h-0 flex-1">
      {place.isLoading && (
        <div role="status" aria-label={t('loading')} className={classNames(ABOVE, 'p-2')}>
          <Spinner />
        </div>
      )}
      {place.hasFailed && (
        <div role="alert" className={classNames(ABOVE, 'flex items-center gap-2 py-1 pr-1 pl-4 text-sm')}>
          {t('notLoaded')}
          <Button look="quiet" onClick={place.again}>
            {t('tryAgain')}
          </Button>
        </div>
      )}
      {/* The keys walk from message to message, which have the focus one at a time. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={place.frame}
        role="log"
        aria-label={t('messages')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onWheel={place.touch}
        onTouchMove={place.touch}
        onPointerDown={place.touch}
        onKeyDown={(event) => {
          place.touch();
          walk.onKeyDown(event);
        }}
        className="flex h-full flex-col overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        {/* Few messages stand at the bottom, next to where one writes. */}
        <div className="grow" />
        <Virtualizer
          ref={list}
          shift={place.isMovedAbove}
          keepMounted={walk.kept}
          onScroll={place.onScroll}
          data={rows}
        >
          {(row) =>
            row.kind === 'message' ? (
              <MessageRow
                key={row.key}
                row={row}
                state={state}
                isHighlit={row.message.seq === place.highlit}
                onJump={onJump}
                onAct={onAct}
              />
            ) : (
              <OutgoingRow key={row.key} entry={row.entry} state={state} onRecall={onRecall} />
            )
          }
        </Virtualizer>
        <div className="h-2 shrink-0" />
      </div>
      {place.isAway && (
        <button
          type="button"
          onClick={place.toEnd}
          aria-label={t('toEnd', { count: unreadCount })}
          className="absolute right-4 bottom-3 flex size-11 items-center justify-center rounded-full bg-raised text-ink shadow-lg hover:bg-hover"
        >
          <ArrowDown aria-hidden size={20} />
          {unreadCount > 0 && (
            <span
              aria-hidden
              className="absolute -top-1.5 rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent"
            >
              {unreadCount}
            </span>
          )}
        </button>
      )}
    </div>
  );
});
