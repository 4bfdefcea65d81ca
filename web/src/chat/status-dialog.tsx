import type { DeliveryStatus, Message } from '@parley/sdk';
import { useQuery } from '@tanstack/react-query';
import { Check, CheckCheck } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { usePerson } from '../app/people.js';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import { Loading } from '../ui/loading.js';

/** Who has received a message and who has read it, and when. */
export function StatusDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const t = useTranslations('chat.status');
  const words = useErrorWords();
  const { data, error } = useQuery({
    queryKey: ['status', message.id],
    queryFn: () => parley.messages.status(message.id, { limit: 100 }),
    staleTime: 0,
  });
  return (
    <Dialog title={t('title')} onClose={onClose}>
      {error ? <p>{words(error)}</p> : !data && <Loading />}
      <ul>
        {data?.items.map((status) => (
          <Reader key={status.userId} status={status} />
        ))}
      </ul>
    </Dialog>
  );
}

function Reader({ status: { userId, status, at } }: { readonly status: DeliveryStatus }) {
  const t = useTranslations('chat.status');
  const format = useFormatter();
  const person = usePerson(userId);
  const Icon = status === 'sent' ? Check : CheckCheck;
  return (
    <li className="flex items-center gap-3 py-2">
      <Avatar id={userId} name={person?.displayName ?? ''} url={person?.avatarUrl ?? null} size="small" />
      <bdi className="min-w-0 flex-1 truncate">{displayed(person?.displayName ?? '')}</bdi>
      <span className="flex items-center gap-1 text-sm text-soft">
        <Icon aria-hidden size={16} className={status === 'read' ? 'text-accent-strong' : ''} />
        {t(status)}
        {status !== 'sent' && `, ${format.dateTime(new Date(at), { dateStyle: 'short', timeStyle: 'short' })}`}
      </span>
    </li>
  );
}
