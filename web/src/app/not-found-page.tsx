import { Signpost } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { EmptyState } from '../ui/empty-state.js';
import { HomeLink } from './home-link.js';

/** Stands at every address that nothing else does. */
export function NotFoundPage() {
  const t = useTranslations('app.notFound');
  return (
    <main className="flex h-full overflow-y-auto bg-canvas">
      <EmptyState icon={<Signpost size={48} />} title={t('title')}>
        <p>{t('about')}</p>
        <HomeLink />
      </EmptyState>
    </main>
  );
}
