import type { Conversation, ConversationState, Message } from '@parley/sdk';
import { Link } from '@tanstack/react-router';
import { AtSign, BellOff, Pin } from 'lucide-react';
import { lazy, memo, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LatePart } from '../app/late-part.js';
import { usePersonName } from '../app/people.js';
import { useTypists } from '../app/typists.js';
import { useUserId } from '../app/use-store.js';
import { displayed } from '../text/display.js';
import { preview } from '../text/preview.js';
import { Avatar } from '../ui/avatar.js';
import { useLongPress } from '../ui/use-long-press.js';
import { Ticks } from '../chat/ticks.js';
import { isUnread, lastShown } from './list.js';
import { MessageLine } from './message-line.js';
import { faceOf, nameOf } from './naming.js';
import { PresenceDot } from './presence-dot.js';
import { useIsMuted, useMoment } from './use-moment.js';

const RowActions = lazy(() => import('./row-actions.js').then((module) => ({ default: module.RowActions })));

/** One conversation of the list: a link to it, what was said last, and what is waiting there. */
export const Row = memo(function Row({
  state,
  onLeave,
}: {
  readonly state: ConversationState;
  /** Somebody wants to leave the conversation. */
  readonly onLeave: (conversation: Conversation) => void;
}) {
  const t = useTranslations('conversations');
  const { conversation } = state;
  const { me, lastMessage, peer } = conversation;
  const name = nameOf(conversation);
  const face = faceOf(conversation);
  const last = lastShown(state);
  const saidAt = last?.createdAt ?? lastMessage?.createdAt;
  const when = useMoment(saidAt ?? conversation.createdAt);
  const isMuted = useIsMuted(me);
  const [isMenu, setMenu] = useState(false);
  // What can be done is many parts, which most rows never need.
  const [isMet, setMet] = useState(false);
  const press = useLongPress(() => setMenu(true));
  return (
    <div className="group relative px-2" onPointerEnter={() => setMet(true)}>
      <Link
        to="/c/$conversationId"
        params={{ conversationId: conversation.id }}
        data-entry
        onFocus={() => setMet(true)}
        {...press}
        onContextMenu={(event) => {
          event.preventDefault();
          setMenu(true);
        }}
        className="pointer-coarse:select-none pointer-coarse:[-webkit-touch-callout:none] flex items-center gap-3 rounded-xl px-2 py-2.5 hover:bg-hover focus-visible:-outline-offset-2"
        activeProps={{ className: 'bg-hover', 'aria-current': 'page' }}
      >
        <span className="relative">
          <Avatar {...face} name={name} />
          {peer && <PresenceDot userId={peer.id} />}
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <bdi className="min-w-0 flex-1 truncate text-left font-medium">{name}</bdi>
            {isMuted && <BellOff aria-label={t('muted')} size={14} className="shrink-0 self-center text-soft" />}
            {me.pinned && <Pin aria-label={t('pinned')} size={14} className="shrink-0 self-center text-soft" />}
            <time
              dateTime={saidAt}
              className="shrink-0 text-xs text-soft group-hover:invisible group-has-data-[state=open]:invisible"
            >
              {when}
            </time>
          </span>
          <span className="flex min-h-5 items-center gap-1.5 text-sm text-soft">
            <span className="flex min-w-0 flex-1 items-center gap-1">
              <LastLine state={state} last={last} />
            </span>
            {me.mentionCount > 0 && (
              <span className="flex size-5 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent">
                <AtSign aria-label={t('mentions', { count: me.mentionCount })} size={13} />
              </span>
            )}
            {isUnread(state) && (
              <span
                className={`flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full px-1.5 text-xs font-semibold ${isMuted ? 'bg-soft text-ground' : 'bg-accent text-on-accent'}`}
              >
                <span aria-hidden>{me.unreadCount === 0 ? '' : me.unreadCount > 999 ? '999+' : me.unreadCount}</span>
                <span className="sr-only">{t('unread', { count: me.unreadCount })}</span>
              </span>
            )}
          </span>
        </span>
      </Link>
      <span className="absolute top-1 right-3 opacity-0 pointer-coarse:pointer-events-none group-hover:opacity-100 focus-within:opacity-100 has-data-[state=open]:opacity-100">
        {(isMet || isMenu) && (
          <LatePart isWanted={isMenu} onMissing={() => setMenu(false)}>
            <RowActions
              state={state}
              name={name}
              isOpen={isMenu}
              onOpenChange={setMenu}
              onLeave={() => onLeave(conversation)}
            />
          </LatePart>
        )}
      </span>
    </div>
  );
});

/** Who is typing, the draft, or what was said last. */
function LastLine({ state, last }: { readonly state: ConversationState; readonly last: Message | undefined }) {
  const t = useTranslations('conversations');
  const userId = useUserId();
  const { conversation } = state;
  const { lastMessage, me, type } = conversation;
  const typists = useTypists(conversation.id);
  const sender = displayed(usePersonName(type === 'direct' ? '' : (last?.senderId ?? '')));
  if (typists.length > 0) return <span className="text-accent">{t('typing')}</span>;
  if (me.draft && me.draft.content !== '') {
    return (
      <>
        <span className="shrink-0 text-danger">{t('draft')}</span>
        <Words>{preview(me.draft.content)}</Words>
      </>
    );
  }
  if (!lastMessage) return <Words>{t('nothingYet')}</Words>;
  if (!last) return null;
  const words = (
    <Words>
      <MessageLine message={last} />
    </Words>
  );
  if (last.messageType === 'system') return words;
  const isOwn = last.senderId === userId;
  return (
    <>
      {isOwn && <Ticks state={state} seq={last.seq} className="shrink-0" />}
      {type !== 'direct' && (isOwn || sender !== '') && (
        <span className="flex max-w-3/5 shrink-0">
          {isOwn
            ? t('you')
            : t.rich('by', { name: sender, sender: (name) => <bdi className="min-w-0 truncate">{name}</bdi> })}
        </span>
      )}
      {words}
    </>
  );
}

/** What was said, in a direction of its own: who has said it does not turn it, and it is cut where it ends. */
const Words = ({ children }: { readonly children: ReactNode }) => (
  <bdi className="min-w-0 flex-1 truncate text-left">{children}</bdi>
);
