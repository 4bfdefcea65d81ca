import type { ConversationState, OutboxEntry } from '@parley/sdk';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useErrorWordsByCode } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { MessageLine } from '../conversations/message-line.js';
import { MessageText } from '../text/message-text.js';
import { Foot, QuoteView } from './message-body.js';
import { SendingTick } from './ticks.js';

/** A message of one's own that is not among the others yet: on its way, or refused. */
export function OutgoingRow({
  entry,
  state,
  onRecall,
}: {
  readonly entry: OutboxEntry;
  readonly state: ConversationState;
  /** Somebody wants to write it anew, where that is possible. */
  readonly onRecall?: (entry: OutboxEntry) => void;
}) {
  const t = useTranslations('chat');
  const words = useErrorWordsByCode();
  const userId = useUserId();
  const { message, error } = entry;
  const { content = null, messageType = 'text', metadata = {}, replyToId } = message;
  const quoted = replyToId === undefined ? undefined : state.messages.find(({ id }) => id === replyToId);
  const about = error?.path === undefined ? '' : `refused.${error.path}`;
  return (
    <div className="mt-1 flex flex-col items-end px-3 py-0.5 md:px-8">
      <div className="max-w-[85%] rounded-2xl bg-own px-3 py-1.5 shadow-xs md:max-w-[70%]">
        {quoted && <QuoteView quote={quoted} />}
        <Foot about={entry.state !== 'failed' && <SendingTick />}>
          {messageType === 'text' ? (
            <MessageText text={content ?? ''} userId={userId} />
          ) : (
            <MessageLine message={{ messageType, content, metadata, deletedAt: null, senderId: userId }} />
          )}
        </Foot>
      </div>
      {entry.state === 'failed' && (
        <p role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-x-3 text-sm text-danger">
          <span className="flex items-center gap-1">
            <CircleAlert aria-hidden size={16} />
            {t.has(about as never) ? t(about as never) : words(error?.code ?? '')}
          </span>
          <button type="button" onClick={() => parley.store.retry(entry)} className="font-semibold underline">
            {t('tryAgain')}
          </button>
          {messageType === 'text' && onRecall && (
            <button type="button" onClick={() => onRecall(entry)} className="font-semibold underline">
              {t('actions.edit')}
            </button>
          )}
          <button type="button" onClick={() => parley.store.discard(entry)} className="font-semibold underline">
            {t('discard')}
          </button>
        </p>
      )}
    </div>
  );
}
