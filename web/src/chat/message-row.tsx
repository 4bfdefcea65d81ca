import type { ConversationState, Message } from '@parley/sdk';
import { lazy, memo, useState } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { LatePart } from '../app/late-part.js';
import { usePerson } from '../app/people.js';
import { useLater } from '../app/use-later.js';
import { useUserId } from '../app/use-store.js';
import { Notice } from '../conversations/message-line.js';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';
import { classNames } from '../ui/class-names.js';
import { useLongPress } from '../ui/use-long-press.js';
import { type Deed, isAlive } from './deeds.js';
import { MessageBody } from './message-body.js';
import { Reactions } from './reactions.js';
import type { TimelineRow } from './rows.js';
import { Ticks } from './ticks.js';

const MessageActions = lazy(() =>
  import('./message-actions.js').then((module) => ({ default: module.MessageActions })),
);

interface Props {
  readonly row: Extract<TimelineRow, { kind: 'message' }>;
  readonly state: ConversationState;
  readonly isHighlit: boolean;
  readonly onJump: (seq: number) => void;
  readonly onAct: (deed: Deed, message: Message) => void;
}

/** What changes a row: all else of the conversation's state is the same to it. */
function isSame(before: Props, after: Props): boolean {
  const { row } = after;
  return (
    before.row.message === row.message &&
    before.row.goesOn === row.goesOn &&
    before.row.isNewDay === row.isNewDay &&
    before.row.isFirstUnread === row.isFirstUnread &&
    before.isHighlit === after.isHighlit &&
    before.state.conversation.peerMarks === after.state.conversation.peerMarks &&
    before.state.receipts === after.state.receipts &&
    before.state.conversation.permissions === after.state.conversation.permissions &&
    before.state.conversation.me.role === after.state.conversation.me.role
  );
}

/** Where nothing can be pointed at, everything has to be there from the start. */
const hasNoPointer = (): boolean => !matchMedia('(hover: hover)').matches;

const isLink = (target: EventTarget): boolean => target instanceof Element && target.closest('a') !== null;

/** One message, with what stands above it. */
export const MessageRow = memo(function MessageRow({ row, ...rest }: Props) {
  const { message, isNewDay, isFirstUnread } = row;
  return (
    <>
      {isNewDay && <Day moment={message.createdAt} />}
      {isFirstUnread && <Unread />}
      {message.messageType === 'system' && message.deletedAt === null ? (
        <p className="px-4 py-1 text-center text-sm wrap-anywhere text-soft">
          <Notice message={message} />
        </p>
      ) : (
        <Bubble row={row} {...rest} />
      )}
    </>
  );
}, isSame);

function Unread() {
  const t = useTranslations('chat');
  return (
    <div role="separator" className="mx-4 my-3 flex items-center gap-3 text-sm font-medium text-accent">
      <span className="h-px flex-1 bg-accent" />
      {t('newMessages')}
      <span className="h-px flex-1 bg-accent" />
    </div>
  );
}

function Day({ moment }: { readonly moment: string }) {
  const t = useTranslations('chat');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const date = new Date(moment);
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  const words = days === 0 ? t('today') : days === 1 ? t('yesterday') : format.dateTime(date, { dateStyle: 'full' });
  return (
    <div className="flex justify-center py-2">
      <time dateTime={moment} className="rounded-full bg-raised px-3 py-1 text-xs text-soft shadow-sm">
        {words}
      </time>
    </div>
  );
}

function Bubble({ row, state, isHighlit, onJump, onAct }: Props) {
  const t = useTranslations('chat');
  const format = useFormatter();
  const userId = useUserId();
  const { message, goesOn } = row;
  const { conversation } = state;
  const sender = usePerson(message.senderId);
  const isOwn = message.senderId === userId;
  const isGone = !isAlive(message);
  const [isOpen, setOpen] = useState(false);
  // What can be done is many parts, which most messages that scroll by never need.
  const [isMet, setMet] = useState(hasNoPointer);
  const openMenu = (target: EventTarget): boolean => {
    if (isGone || isLink(target)) return false;
    setMet(true);
    setOpen(true);
    return true;
  };
  const press = useLongPress(openMenu);
  const isGroup = conversation.type !== 'direct';
  const name = displayed(sender?.displayName ?? '');
  const time = format.dateTime(new Date(message.createdAt), { timeStyle: 'short' });
  const isLater = useLater();
  const room = <div className="w-30 shrink-0 pointer-coarse:w-8" />;
  const actions = isGone ? null : !isMet || !isLater ? (
    room
  ) : (
    <LatePart standIn={room} isWanted={isOpen} onMissing={() => setOpen(false)}>
      <MessageActions
        message={message}
        conversation={conversation}
        isOpen={isOpen}
        onOpenChange={setOpen}
        onAct={onAct}
      />
    </LatePart>
  );
  return (
    // The press on it is a short cut: its menu has a button, and the list has keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      data-seq={message.seq}
      tabIndex={-1}
      onPointerEnter={() => setMet(true)}
      onFocus={() => setMet(true)}
      {...press}
      onContextMenu={(event) => {
        // What is selected and what leads elsewhere have a menu of the browser's own.
        if (getSelection()?.isCollapsed === false) return;
        if (openMenu(event.target)) event.preventDefault();
      }}
      aria-label={t('by', { name: isOwn ? t('you') : name, time })}
      className={classNames(
        'group/message pointer-coarse:select-none pointer-coarse:[-webkit-touch-callout:none] flex items-end gap-2 px-3 py-0.5 transition-colors md:px-8',
        // The list hides what it measures anew, and what is hidden loses the focus.
        'focus-within:visible',
        isOwn && 'justify-end',
        !goesOn && 'mt-2',
        isHighlit && 'bg-mark',
      )}
    >
      {isGroup && !isOwn && (
        <span className="w-8 shrink-0 self-start">
          {!goesOn && <Avatar id={message.senderId} name={name} url={sender?.avatarUrl ?? null} size="small" />}
        </span>
      )}
      {isOwn && actions}
      <div
        className={classNames(
          'flex min-w-0 max-w-[85%] flex-col md:max-w-[min(70%,44rem)]',
          isOwn ? 'items-end' : 'items-start',
        )}
      >
        <div className={classNames('max-w-full rounded-2xl px-3 py-1.5 shadow-xs', isOwn ? 'bg-own' : 'bg-other')}>
          {isGroup && !isOwn && !goesOn && (
            <bdi className="block truncate text-left text-sm font-semibold text-accent-strong">{name}</bdi>
          )}
          <MessageBody message={message} userId={userId} onJump={onJump}>
            {message.isEdited && !isGone && <span>{t('edited')}</span>}
            <time dateTime={message.createdAt}>{time}</time>
            {isOwn && !isGone && <Ticks state={state} seq={message.seq} />}
          </MessageBody>
        </div>
        {!isGone && message.reactions.length > 0 && <Reactions message={message} userId={userId} />}
      </div>
      {!isOwn && actions}
    </article>
  );
}
