import { DeleteProfile } from '@parley/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { FormProblem } from '../auth/auth-card.js';
import { parley } from '../app/parley.js';
import { useForm } from '../app/use-form.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';

/** The end of an account, after the password was given once more. */
export function DeleteAccount() {
  const t = useTranslations('settings.delete');
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="flex flex-col items-start gap-3 border-t border-line pt-6">
      <h2 className="text-lg font-semibold">{t('title')}</h2>
      <p className="text-soft">{t('about')}</p>
      <Button onClick={() => setOpen(true)} className="text-danger">
        {t('ask')}
      </Button>
      {isOpen && <Confirm onClose={() => setOpen(false)} />}
    </section>
  );
}

function Confirm({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('settings.delete');
  const app = useTranslations('app');
  const { field, submit, problem, isBusy } = useForm(DeleteProfile, { password: '' });
  return (
    <Dialog title={t('title')} onClose={onClose}>
      {/* The server ends all sessions, this one too, and says why. */}
      <form noValidate onSubmit={submit((input) => parley.users.deleteAccount(input))} className="flex flex-col gap-4">
        <p>{t('sure')}</p>
        <TextField label={t('password')} type="password" autoComplete="current-password" {...field('password')} />
        <FormProblem>{problem}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{app('cancel')}</Button>
          <Button type="submit" look="danger" isBusy={isBusy}>
            {t('confirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
