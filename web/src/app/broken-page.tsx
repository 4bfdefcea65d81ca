import { CloudOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';

/** Stands in for a page that failed, such as one of a version that the server has no more. */
export function BrokenPage() {
  const t = useTranslations('app');
  return (
    <EmptyState icon={<CloudOff size={48} />} title={t('broken.title')}>
      <p>{t('broken.about')}</p>
      <Button look="primary" onClick={() => location.reload()}>
        {t('update.reload')}
      </Button>
    </EmptyState>
  );
}
