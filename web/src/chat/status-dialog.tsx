import type { DeliveryStatus, Message } from '@parley/sdk';
import { Check, CheckCheck } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { PagedList } from '../app/paged-list.js';
import { parley } from '../app/parley.js';
import { usePerson } from '../app/people.js';
import { Dialog } from '../ui/dialog.js';
import { PersonLine } from './person-line.js';

/** Who has received a message and who has read it, and when. */
export function StatusDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const t = useTranslations('chat.status');
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <PagedList queryKey={['status', message.id]} read={(page) => parley.messages.status(message.id, page)}>
        {(status) => <Reader key={status.userId} status={status} />}
      </PagedList>
    </Dialog>
  );
}

function Reader({ status: { userId, status, at } }: { readonly status: DeliveryStatus }) {
  const t = useTranslations('chat.status');
  const format = useFormatter();
  const person = usePerson(userId);
  const Icon = status === 'sent' ? Check : CheckCheck;
  return (
    <PersonLine
      id={userId}
      person={person}
      about={
        <>
          <Icon aria-hidden size={16} className={status === 'read' ? 'text-accent-strong' : ''} />
          {t(status)}
          {status !== 'sent' && `, ${format.dateTime(new Date(at), { dateStyle: 'short', timeStyle: 'short' })}`}
        </>
      }
    />
  );
}
