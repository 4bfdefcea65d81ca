import type { Message } from '@parley/sdk';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { PagedList } from '../app/paged-list.js';
import { parley } from '../app/parley.js';
import { classNames } from '../ui/class-names.js';
import { Dialog } from '../ui/dialog.js';
import { PersonLine } from './person-line.js';

/** Who has reacted to a message, with what and when. */
export function ReactorsDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const t = useTranslations('chat.reactors');
  const format = useFormatter();
  const [emoji, setEmoji] = useState<string>();
  const { id, rev, reactions } = message;
  const total = reactions.reduce((sum, { count }) => sum + count, 0);
  const choices = [{ emoji: undefined, count: total }, ...reactions];
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <div role="group" aria-label={t('title')} className="mb-2 flex flex-wrap gap-1">
        {choices.map((choice) => (
          <button
            key={choice.emoji ?? ''}
            type="button"
            aria-pressed={emoji === choice.emoji}
            onClick={() => setEmoji(choice.emoji)}
            className={classNames(
              'min-h-9 rounded-full border px-3',
              emoji === choice.emoji ? 'border-accent bg-own' : 'border-line bg-raised hover:bg-hover',
            )}
          >
            {choice.emoji ?? t('all')} {choice.count}
          </button>
        ))}
      </div>
      <PagedList
        queryKey={['reactors', id, rev, emoji]}
        read={(page) => parley.messages.reactors(id, { ...page, ...(emoji !== undefined && { emoji }) })}
      >
        {(reactor) => (
          <PersonLine
            key={`${reactor.user.id} ${reactor.emoji}`}
            id={reactor.user.id}
            person={reactor.user}
            about={format.dateTime(new Date(reactor.reactedAt), { dateStyle: 'short', timeStyle: 'short' })}
          >
            <span className="text-xl">{reactor.emoji}</span>
          </PersonLine>
        )}
      </PagedList>
    </Dialog>
  );
}
