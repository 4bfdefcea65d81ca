import { ParleyError } from '@parley/sdk';
import { useTranslations } from 'use-intl';

/** Says in words what an error of this code means; `fallback` where there are none. */
export function useErrorWordsByCode(): (code: string, seconds?: number, fallback?: string) => string {
  const t = useTranslations('app.errors');
  return (code, seconds = 0, fallback = t('unknown')) =>
    t.has(code as never) ? t(code as never, { seconds } as never) : fallback;
}

/** Says in words what went wrong, and what can be done about it where something can. */
export function useErrorWords(): (error: unknown) => string {
  const words = useErrorWordsByCode();
  return (error) => {
    if (!(error instanceof ParleyError)) return words('');
    return words(error.code, Math.ceil((error.retryAfterMs ?? 0) / 1_000), error.message || undefined);
  };
}
