import { Email, Forgot } from '@parley/protocol';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { useForm } from '../app/use-form.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/text-field.js';
import { AuthCard, FormProblem } from './auth-card.js';

// The server takes anything and sends to whom it knows: nobody is to learn who that is.
const ASKED = Forgot.extend({ email: Email });

/** Asking for a link to choose a new password. */
export function ForgotPage() {
  const t = useTranslations('auth');
  const [sentTo, setSentTo] = useState<string>();
  const { field, submit, problem, isBusy } = useForm(ASKED, { email: '' });
  const send = submit(async ({ email }) => {
    await parley.auth.forgot(email);
    setSentTo(email);
  });
  const back = (
    <Link to="/sign-in" className="text-center text-sm text-accent underline">
      {t('backToSignIn')}
    </Link>
  );
  if (sentTo !== undefined) {
    return (
      <AuthCard title={t('forgot')}>
        <p role="status" className="mb-4">
          {t('linkSent', { email: sentTo })}
        </p>
        {back}
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t('forgot')}>
      <form noValidate onSubmit={send} className="flex flex-col gap-4">
        <p className="text-soft">{t('forgotAbout')}</p>
        <TextField label={t('email')} type="email" autoComplete="email" autoFocus {...field('email')} />
        <FormProblem>{problem}</FormProblem>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t('sendLink')}
        </Button>
        {back}
      </form>
    </AuthCard>
  );
}
