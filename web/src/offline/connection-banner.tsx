import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useConnection } from '../app/connection.js';
import { parley } from '../app/parley.js';

/** A connection that is back within this time is not worth a word, in ms. */
const PATIENCE = 1_500;

/** Says, quietly, that the server is away, and when it is tried next. */
export function ConnectionBanner() {
  const { state, retryAt } = useConnection();
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (state === 'connected') return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [state]);
  if (!isLate || state === 'connected') return null;
  return <Away retryAt={retryAt} />;
}

function Away({ retryAt }: { readonly retryAt: number | undefined }) {
  const t = useTranslations('app.offline');
  const seconds = useSecondsUntil(retryAt);
  return (
    <div role="status" className="flex items-center justify-center gap-2 bg-mark px-4 py-1.5 text-sm">
      <WifiOff aria-hidden size={16} className="shrink-0" />
      <span>
        {t('away')} {/* A count that is read out every second would be noise. */}
        <span aria-live="off">{seconds === null ? t('connecting') : t('nextTry', { seconds })}</span>
      </span>
      {seconds !== null && (
        <button type="button" onClick={() => parley.reconnect()} className="rounded px-1 font-semibold underline">
          {t('now')}
        </button>
      )}
    </div>
  );
}

/** How many seconds are left until a moment (ms since 1970), as they pass; null without one. */
function useSecondsUntil(moment: number | undefined): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (moment === undefined) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [moment]);
  return moment === undefined ? null : Math.max(0, Math.ceil((moment - now) / 1_000));
}
