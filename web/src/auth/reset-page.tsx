import { Reset } from '@parley/protocol';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { useForm } from '../app/use-form.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/text-field.js';
import { tell } from '../ui/toasts.js';
import { AuthCard, FormProblem } from './auth-card.js';

/** The secret of the link stands behind "#", which no server and no log ever sees. */
const tokenOfLink = (): string => new URLSearchParams(location.hash.slice(1)).get('token') ?? '';

/** Choosing a new password by the link of an e-mail. */
export function ResetPage() {
  const t = useTranslations('auth');
  const navigate = useNavigate();
  const [token] = useState(tokenOfLink);
  const [schema] = useState(() => Reset.pick({ password: true }));
  const { field, submit, problem, isBusy } = useForm(schema, { password: '' });
  const send = submit(async ({ password }) => {
    await parley.auth.reset(token, password);
    tell(t('passwordChanged'));
    await navigate({ to: '/sign-in' });
  });
  return (
    <AuthCard title={t('reset')}>
      <form noValidate onSubmit={send} className="flex flex-col gap-4">
        <TextField
          label={t('newPassword')}
          hint={t('passwordHint')}
          type="password"
          autoComplete="new-password"
          autoFocus
          {...field('password')}
        />
        <FormProblem>{problem}</FormProblem>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t('setPassword')}
        </Button>
        <Link to="/forgot" className="text-center text-sm text-accent underline">
          {t('newLink')}
        </Link>
      </form>
    </AuthCard>
  );
}
