import { Copy, MessageSquarePlus, Users } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useKnownProfile } from '../settings/use-profile.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { tell } from '../ui/toasts.js';
import { useNewConversation } from './use-new-conversation.js';

/** What somebody sees who has no conversation yet: the ways to the first message. */
export function FirstSteps() {
  const t = useTranslations('conversations.empty');
  const { begin, dialog } = useNewConversation();
  const profile = useKnownProfile();
  const name = profile ? `@${profile.username}` : '';
  const copy = () =>
    void navigator.clipboard.writeText(name).then(
      () => tell(t('copied')),
      () => tell(name),
    );
  return (
    <EmptyState icon={<MessageSquarePlus size={56} strokeWidth={1.25} />} title={t('title')}>
      <p>{t('about')}</p>
      <div className="flex w-full flex-col gap-2">
        <Button look="primary" onClick={() => begin('direct')}>
          <MessageSquarePlus aria-hidden size={18} /> {t('find')}
        </Button>
        <Button onClick={() => begin('group')}>
          <Users aria-hidden size={18} /> {t('group')}
        </Button>
      </div>
      {profile && (
        <p className="flex max-w-full flex-wrap items-center justify-center gap-x-2 text-sm">
          {t('yourName')}
          <Button look="quiet" onClick={copy} className="max-w-full min-w-0 px-2">
            <bdi className="truncate">{name}</bdi>
            <Copy size={16} className="shrink-0" aria-label={t('copy')} />
          </Button>
        </p>
      )}
      {dialog}
    </EmptyState>
  );
}
