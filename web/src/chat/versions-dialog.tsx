import type { Message } from '@parley/sdk';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { MessageText } from '../text/message-text.js';
import { Dialog } from '../ui/dialog.js';
import { Loading } from '../ui/loading.js';

/** What a message says and what it said before, the latest first. */
export function VersionsDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const t = useTranslations('chat.versions');
  const words = useErrorWords();
  const format = useFormatter();
  const userId = useUserId();
  const { id, content, editedAt, createdAt } = message;
  const { data, error } = useQuery({
    queryKey: ['versions', id, editedAt],
    queryFn: () => parley.messages.versions(id),
  });
  const versions = [{ content: content ?? '', writtenAt: editedAt ?? createdAt }, ...(data?.toReversed() ?? [])];
  return (
    <Dialog title={t('title')} onClose={onClose}>
      {error ? <p role="alert">{words(error)}</p> : !data && <Loading />}
      {data && (
        <ol className="flex flex-col gap-3">
          {versions.map((version, index) => (
            <li key={version.writtenAt} className="rounded-xl bg-sunken px-3 py-2">
              <p className="text-xs text-soft">
                {format.dateTime(new Date(version.writtenAt), { dateStyle: 'medium', timeStyle: 'short' })}
                {index === 0 && ` · ${t('now')}`}
              </p>
              <MessageText text={version.content} mentions={[]} userId={userId} />
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
