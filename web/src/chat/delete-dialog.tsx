import type { DeleteFor, Message } from '@parley/sdk';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { FormProblem } from '../auth/auth-card.js';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { QuoteView } from './message-body.js';

/** Asks for whom a message is to be deleted. */
export function DeleteDialog({
  message,
  isForAll,
  onClose,
}: {
  readonly message: Message;
  /** Whether the reader may delete it for everyone. */
  readonly isForAll: boolean;
  readonly onClose: () => void;
}) {
  const t = useTranslations('chat.delete');
  const app = useTranslations('app');
  const words = useErrorWords();
  const remove = useMutation({
    mutationFn: (audience: DeleteFor) => parley.messages.delete(message.id, audience),
    onSuccess: onClose,
  });
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <div className="flex flex-col gap-3">
        <QuoteView quote={message} />
        <p>{t('about')}</p>
        <FormProblem>{remove.error && words(remove.error)}</FormProblem>
        {isForAll && (
          <Button look="danger" isBusy={remove.isPending} onClick={() => remove.mutate('everyone')}>
            {t('everyone')}
          </Button>
        )}
        <Button isBusy={remove.isPending} onClick={() => remove.mutate('me')}>
          {t('me')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {app('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
