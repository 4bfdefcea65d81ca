import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { useLater } from '../app/use-later.js';
import { tell } from '../ui/toasts.js';
import { keepOnDevice } from './keep-on-device.js';

/** Keeps the client on the device, and says when there is a newer one. */
export function Updates() {
  const t = useTranslations('app.update');
  const isLater = useLater();
  useEffect(() => {
    // It fetches all of the client, which the first screen would wait for.
    if (!isLater) return;
    // Without it the client works all the same, as long as there is a network.
    keepOnDevice((takeOver) => tell(t('there'), { label: t('reload'), run: takeOver })).catch(() => undefined);
    // Once for the life of the page, in the words of then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isLater]);
  return null;
}
