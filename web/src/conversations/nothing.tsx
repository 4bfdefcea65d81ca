import { MessagesSquare } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useStore } from '../app/use-store.js';
import { EmptyState } from '../ui/empty-state.js';
import { FirstSteps } from './first-steps.js';

/** What stands beside the list while no conversation is open. */
export function Nothing() {
  const t = useTranslations('conversations.nothing');
  const isFirst = useStore(({ isLoaded, conversations }) => isLoaded && conversations.size === 0);
  if (isFirst) return <FirstSteps />;
  return (
    <EmptyState icon={<MessagesSquare size={56} strokeWidth={1.25} />} title={t('title')}>
      <p>{t('about')}</p>
      <p className="text-sm">
        {t.rich('hint', {
          key: (keys) => (
            <kbd className="rounded-md border border-line bg-raised px-1.5 py-0.5 font-mono text-xs">{keys}</kbd>
          ),
        })}
      </p>
    </EmptyState>
  );
}
