import { useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { signOut } from '../app/session.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { tell } from '../ui/toasts.js';

let isAsking = false;
const listeners = new Set<() => void>();
function ask(next: boolean): void {
  isAsking = next;
  for (const listener of listeners) listener();
}
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The way out, from wherever it is taken: asks first where messages would be lost. */
export function useSignOut(): () => void {
  const words = useErrorWords();
  return () => {
    if (parley.store.getState().outbox.some(({ state }) => state !== 'sent')) ask(true);
    else signOut().catch((error: unknown) => tell(words(error)));
  };
}

/** Where it is asked whether to sign out though not everything is sent. */
export function SignOutDialog() {
  const t = useTranslations('auth.signOut');
  const app = useTranslations('app');
  const words = useErrorWords();
  const [isBusy, setBusy] = useState(false);
  const isOpen = useSyncExternalStore(subscribe, () => isAsking);
  if (!isOpen) return null;
  const leave = async () => {
    setBusy(true);
    await signOut().catch((error: unknown) => tell(words(error)));
    setBusy(false);
    ask(false);
  };
  return (
    <Dialog title={t('title')} onClose={() => ask(false)}>
      <p>{t('about')}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={() => ask(false)}>{app('cancel')}</Button>
        <Button look="danger" isBusy={isBusy} onClick={() => void leave()}>
          {t('confirm')}
        </Button>
      </div>
    </Dialog>
  );
}
