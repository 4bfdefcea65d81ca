import { WifiOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useConnection } from '../app/connection.js';

/** Says, quietly, that the server is away. */
export function ConnectionBanner() {
  const t = useTranslations('app.offline');
  const state = useConnection();
  if (state === 'connected') return null;
  return (
    <p role="status" className="flex items-center justify-center gap-2 bg-sunken px-4 py-1 text-sm text-soft">
      <WifiOff aria-hidden size={16} />
      {t('connecting')}
    </p>
  );
}
