import { Login } from '@parley/protocol';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { hasSignedIn, useSession } from '../app/session.js';
import { useForm } from '../app/use-form.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/text-field.js';
import { AuthCard, FormProblem } from './auth-card.js';
import { deviceName } from './device-name.js';

/** Signing in with a user name or an e-mail address. */
export function SignInPage() {
  const t = useTranslations('auth');
  const reasons = useTranslations('app.signedOut');
  const session = useSession();
  const search = useSearch({ from: '/guest' });
  const { field, submit, problem, isBusy } = useForm(Login, { login: '', password: '' });
  const send = submit(async (input) => {
    await parley.auth.login({ ...input, deviceName: deviceName() });
    hasSignedIn();
  });
  return (
    <AuthCard title={t('signIn')}>
      {session.kind === 'out' && session.reason && (
        <p role="status" className="mb-4 rounded-lg bg-mark px-3 py-2">
          {reasons(session.reason)}
        </p>
      )}
      <form noValidate onSubmit={send} className="flex flex-col gap-4">
        <TextField label={t('login')} autoComplete="username" autoFocus {...field('login')} />
        <TextField label={t('password')} type="password" autoComplete="current-password" {...field('password')} />
        <FormProblem>{problem}</FormProblem>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t('signIn')}
        </Button>
        <div className="flex justify-between gap-4 text-sm">
          <Link to="/forgot" className="text-accent underline">
            {t('forgotten')}
          </Link>
          <Link to="/register" search={search} className="text-accent underline">
            {t('newHere')}
          </Link>
        </div>
      </form>
    </AuthCard>
  );
}
