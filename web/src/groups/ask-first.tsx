import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { tell } from '../ui/toasts.js';

/** Asks before something is done that cannot be taken back by who did it, or not easily. */
export function AskFirst({
  title,
  about,
  confirm,
  onConfirm,
  onClose,
}: {
  readonly title: string;
  /** What it means. */
  readonly about: string;
  readonly confirm: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const app = useTranslations('app');
  const words = useErrorWords();
  const { mutate, isPending } = useMutation({
    mutationFn: onConfirm,
    onError: (error) => tell(words(error)),
    onSettled: onClose,
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="break-words">{about}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{app('cancel')}</Button>
        <Button look="danger" isBusy={isPending} onClick={() => mutate()}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
