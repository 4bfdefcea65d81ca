import type { Message, Quote } from '@parley/sdk';
import { Ban, CornerUpRight, MapPin, UserRound } from 'lucide-react';
import { lazy, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { LatePart } from '../app/late-part.js';
import { usePersonName } from '../app/people.js';
import { MessageLine } from '../conversations/message-line.js';
import { displayed } from '../text/display.js';
import { targetOf } from '../text/links.js';
import { MessageText } from '../text/message-text.js';

const Poll = lazy(() => import('./poll.js').then((module) => ({ default: module.Poll })));

/** What a message says, whatever kind it is of. */
export function MessageBody({
  message,
  userId,
  onJump,
  children,
}: {
  readonly message: Message;
  readonly userId: string;
  readonly onJump: (seq: number) => void;
  /** What stands in small at the end: when it was sent, and what has become of it. */
  readonly children?: ReactNode;
}) {
  const { content, deletedAt, isHidden, replyTo, forwardedFrom, mentions } = message;
  if (deletedAt !== null || isHidden) {
    return (
      <Foot about={children}>
        <Tombstone />
      </Foot>
    );
  }
  return (
    <>
      {forwardedFrom && <Forwarded senderId={forwardedFrom.senderId} />}
      {replyTo && <QuoteView quote={replyTo} onJump={onJump} />}
      <Card message={message} isOwn={message.senderId === userId} />
      <Foot about={children}>
        {content !== null && <MessageText text={content} mentions={mentions} userId={userId} />}
      </Foot>
    </>
  );
}

/** The text, and in small what is to be known about it: on its last line where there is room. */
export const Foot = ({ about, children }: { readonly about: ReactNode; readonly children: ReactNode }) => (
  <div className="flex flex-wrap items-end justify-end gap-x-3">
    <div className="mr-auto max-w-full min-w-0">{children}</div>
    {about && <span className="flex items-center gap-1 text-xs text-soft select-none">{about}</span>}
  </div>
);

function Tombstone() {
  const t = useTranslations('chat');
  return (
    <p className="flex items-center gap-2 text-soft italic">
      <Ban aria-hidden size={16} /> {t('deleted')}
    </p>
  );
}

function Forwarded({ senderId }: { readonly senderId: string }) {
  const t = useTranslations('chat');
  return (
    <p className="flex items-center gap-1 text-sm wrap-anywhere text-soft italic">
      <CornerUpRight aria-hidden size={14} /> {t('forwarded', { name: displayed(usePersonName(senderId)) })}
    </p>
  );
}

/** What a reply answers; pressing it goes there. */
export function QuoteView({ quote, onJump }: { readonly quote: Quote; readonly onJump?: (seq: number) => void }) {
  const t = useTranslations('chat');
  const { senderId, messageType, content, deletedAt, seq } = quote;
  const name = displayed(usePersonName(senderId ?? ''));
  const isUnseen = senderId === null || messageType === null;
  return (
    <button
      type="button"
      disabled={!onJump || isUnseen}
      onClick={() => onJump?.(seq)}
      className="my-1 block w-full min-w-32 rounded-lg border-l-4 border-accent bg-sunken/60 px-2 py-1 text-left text-sm"
    >
      {isUnseen ? (
        <em className="text-soft">{t('unseen')}</em>
      ) : (
        <>
          <bdi className="block truncate font-semibold text-accent-strong">{name}</bdi>
          <span dir="auto" className="line-clamp-2 wrap-anywhere">
            <MessageLine message={{ messageType, content, deletedAt, metadata: {}, senderId }} />
          </span>
        </>
      )}
    </button>
  );
}

const lineOf = (value: unknown): string => displayed(typeof value === 'string' ? value : '');

/** What messages of other kinds than text are about. */
function Card({
  message: { messageType, metadata, poll, id },
  isOwn,
}: {
  readonly isOwn: boolean;
  readonly message: Pick<Message, 'messageType' | 'metadata' | 'poll' | 'id'>;
}) {
  switch (messageType) {
    case 'poll':
      return (
        // As tall as most polls, so that little moves when it is there.
        <LatePart standIn={<div className="h-40 w-64" />}>
          <Poll id={id} metadata={metadata} poll={poll} mayClose={isOwn} />
        </LatePart>
      );
    case 'location': {
      const { latitude, longitude } = metadata;
      return (
        <p className="flex items-center gap-2">
          <MapPin aria-hidden size={18} className="shrink-0 text-accent" />
          <span>
            {lineOf(metadata['name']) || lineOf(metadata['address'])}{' '}
            <span className="text-soft">{`${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`}</span>
          </span>
        </p>
      );
    }
    case 'contact':
      return (
        <p className="flex items-center gap-2">
          <UserRound aria-hidden size={18} className="shrink-0 text-accent" />
          <span className="min-w-0">
            <bdi className="block font-medium">{lineOf(metadata['name'])}</bdi>
            <span className="text-soft">
              {[metadata['phones'], metadata['emails']].flat().map(lineOf).filter(Boolean).join(', ')}
            </span>
          </span>
        </p>
      );
    case 'link': {
      const target = targetOf(lineOf(metadata['url']));
      return target ? (
        <a
          href={target.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="block rounded-lg bg-sunken/60 px-2 py-1"
        >
          <span dir="auto" className="block font-medium">
            {lineOf(metadata['title']) || target.href}
          </span>
          <span dir="auto" className="line-clamp-3 text-sm text-soft">
            {lineOf(metadata['description'])}
          </span>
          <span className="block truncate text-sm text-accent-strong">
            {target.host ?? new URL(target.href).hostname}
          </span>
        </a>
      ) : null;
    }
    case 'text':
    case 'image':
    case 'file':
    case 'voice':
    case 'video':
    case 'system':
      return null;
  }
}
