import type { Conversation } from '@parley/sdk';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Info, Timer } from 'lucide-react';
import { lazy, useState } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { LatePart } from '../app/late-part.js';
import { usePersonName } from '../app/people.js';
import { usePresence } from '../app/presence.js';
import { useTypists } from '../app/typists.js';
import { faceOf, nameOf } from '../conversations/naming.js';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';
import { IconButton } from '../ui/button.js';
import { useDuration } from './use-duration.js';

const Details = lazy(() => import('../groups/details.js').then((module) => ({ default: module.Details })));

/** Who is talked to, and what they are doing. */
export function ConversationHeader({ conversation }: { readonly conversation: Conversation }) {
  const t = useTranslations('chat');
  const app = useTranslations('app');
  const [isOpen, setOpen] = useState(false);
  const name = nameOf(conversation);
  const { messageTtl } = conversation;
  const lasting = useDuration();
  return (
    <header className="flex min-h-14 items-center gap-3 border-b border-line bg-ground px-2 md:px-4">
      <Link
        to="/"
        aria-label={app('back')}
        className="inline-flex size-10 shrink-0 items-center justify-center rounded-full text-soft hover:bg-hover md:hidden"
      >
        <ArrowLeft aria-hidden size={20} />
      </Link>
      <Avatar {...faceOf(conversation)} name={name} size="small" />
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold">
          <bdi>{name}</bdi>
        </h2>
        <p className="truncate text-sm text-soft" aria-live="polite">
          <Doing conversation={conversation} />
        </p>
      </div>
      {messageTtl !== null && (
        <span
          title={t('ttl', { time: lasting(messageTtl) })}
          className="flex shrink-0 items-center gap-1 text-sm text-soft"
        >
          <Timer aria-hidden size={16} />
          <span aria-hidden className="max-sm:hidden">
            {lasting(messageTtl, 'short')}
          </span>
          <span className="sr-only">{t('ttl', { time: lasting(messageTtl) })}</span>
        </span>
      )}
      <IconButton label={t('details')} onClick={() => setOpen(true)}>
        <Info aria-hidden size={20} />
      </IconButton>
      {isOpen && (
        <LatePart onMissing={() => setOpen(false)}>
          <Details conversation={conversation} onClose={() => setOpen(false)} />
        </LatePart>
      )}
    </header>
  );
}

function Doing({ conversation }: { readonly conversation: Conversation }) {
  const t = useTranslations('chat');
  const [typist = '', ...others] = useTypists(conversation.id);
  const name = displayed(usePersonName(typist));
  if (typist !== '')
    return <span className="text-accent">{t('typing', { name, more: others.length, type: conversation.type })}</span>;
  if (conversation.peer) return <PeerStanding userId={conversation.peer.id} />;
  return t('members', { count: conversation.memberCount });
}

function PeerStanding({ userId }: { readonly userId: string }) {
  const t = useTranslations('chat.presence');
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const presence = usePresence(userId);
  if (!presence) return null;
  const { status, text, lastSeen } = presence;
  const about = text === undefined ? '' : ` · ${displayed(text)}`;
  if (status !== 'offline') return t(status) + about;
  if (lastSeen === null) return t('offline') + about;
  return t('lastSeen', { when: format.relativeTime(new Date(lastSeen), now) }) + about;
}
