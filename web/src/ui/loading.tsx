import { useTranslations } from 'use-intl';
import { Spinner } from './spinner.js';

/** Something is being fetched. */
export function Loading() {
  const t = useTranslations('app');
  return (
    <div role="status" className="flex items-center justify-center gap-2 p-8 text-soft">
      <Spinner /> {t('loading')}
    </div>
  );
}
