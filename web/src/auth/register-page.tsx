import { Register } from '@parley/protocol';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { hasSignedIn } from '../app/session.js';
import { useForm } from '../app/use-form.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/text-field.js';
import { AuthCard, FormProblem } from './auth-card.js';
import { deviceName } from './device-name.js';

/** Opening an account. */
export function RegisterPage() {
  const t = useTranslations('auth');
  const search = useSearch({ from: '/guest' });
  const initial = { firstName: '', lastName: '', username: '', email: '', password: '' };
  const { field, submit, problem, isBusy } = useForm(Register, initial);
  const send = submit(async (input) => {
    await parley.auth.register({ ...input, deviceName: deviceName() });
    hasSignedIn();
  });
  return (
    <AuthCard title={t('register')}>
      <form noValidate onSubmit={send} className="flex flex-col gap-4">
        <div className="grid grid-cols-2 gap-3">
          <TextField label={t('firstName')} autoComplete="given-name" autoFocus {...field('firstName')} />
          <TextField label={t('lastName')} autoComplete="family-name" {...field('lastName')} />
        </div>
        <TextField label={t('username')} hint={t('usernameHint')} autoComplete="username" {...field('username')} />
        <TextField label={t('email')} hint={t('emailHint')} type="email" autoComplete="email" {...field('email')} />
        <TextField
          label={t('password')}
          hint={t('passwordHint')}
          type="password"
          autoComplete="new-password"
          {...field('password')}
        />
        <FormProblem>{problem}</FormProblem>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t('register')}
        </Button>
        <Link to="/sign-in" search={search} className="text-center text-sm text-accent underline">
          {t('haveAccount')}
        </Link>
      </form>
    </AuthCard>
  );
}
