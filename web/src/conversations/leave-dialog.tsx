import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { tell } from '../ui/toasts.js';
import { useLeavePage } from './use-leave-page.js';

/** Asks before somebody leaves a group: the way back may need an invite. */
export function LeaveDialog({
  id,
  name,
  onClose,
}: {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const t = useTranslations('conversations.leave');
  const app = useTranslations('app');
  const words = useErrorWords();
  const leavePage = useLeavePage();
  const [isBusy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await parley.conversations.leave(id);
      leavePage(id);
    } catch (error) {
      tell(words(error));
    }
    onClose();
  };
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <p className="break-words">{t('about', { name })}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{app('cancel')}</Button>
        <Button look="danger" isBusy={isBusy} onClick={() => void leave()}>
          {t('confirm')}
        </Button>
      </div>
    </Dialog>
  );
}
