import type { OutboxEntry } from '@parley/sdk';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useErrorWordsByCode } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { MessageText } from '../text/message-text.js';
import { SendingTick } from './ticks.js';

/** A message of one's own that is not among the others yet: on its way, or refused. */
export function OutgoingRow({ entry }: { readonly entry: OutboxEntry }) {
  const t = useTranslations('chat');
  const words = useErrorWordsByCode();
  const userId = useUserId();
  const { message, state, error } = entry;
  return (
    <div className="flex flex-col items-end px-3 py-0.5 md:px-8">
      <div className="flex max-w-[85%] items-end gap-2 rounded-2xl bg-own px-3 py-1.5 md:max-w-[70%]">
        <MessageText text={message.content ?? ''} userId={userId} />
        {state !== 'failed' && (
          <span className="text-soft">
            <SendingTick />
          </span>
        )}
      </div>
      {state === 'failed' && (
        <p role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-x-3 text-sm text-danger">
          <span className="flex items-center gap-1">
            <CircleAlert aria-hidden size={16} /> {words(error?.code ?? '')}
          </span>
          <button type="button" onClick={() => parley.store.retry(entry)} className="font-semibold underline">
            {t('tryAgain')}
          </button>
          <button type="button" onClick={() => parley.store.discard(entry)} className="font-semibold underline">
            {t('discard')}
          </button>
        </p>
      )}
    </div>
  );
}
