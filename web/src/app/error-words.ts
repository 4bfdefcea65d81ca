import { ParleyError } from '@parley/sdk';
import { useTranslations } from 'use-intl';

/** Says in words what went wrong, and what can be done about it where something can. */
export function useErrorWords(): (error: unknown) => string {
  const t = useTranslations('app.errors');
  return (error) => {
    if (!(error instanceof ParleyError)) return t('unknown');
    const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
    return t.has(error.code as never) ? t(error.code as never, { seconds } as never) : error.message || t('unknown');
  };
}
