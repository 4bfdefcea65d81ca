import { MessagesSquare } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { EmptyState } from '../ui/empty-state.js';

/** What stands beside the list while no conversation is open. */
export function Nothing() {
  const t = useTranslations('conversations.nothing');
  return (
    <EmptyState icon={<MessagesSquare size={56} strokeWidth={1.25} />} title={t('title')}>
      <p>{t('about')}</p>
    </EmptyState>
  );
}
