import { type Profile, UpdateProfile } from '@parley/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { FormProblem } from '../auth/auth-card.js';
import { parley } from '../app/parley.js';
import { useForm } from '../app/use-form.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Loading } from '../ui/loading.js';
import { TextField } from '../ui/text-field.js';
import { tell } from '../ui/toasts.js';
import { DeleteAccount } from './delete-account.js';
import { StatusForm } from './status-form.js';
import { useProfile } from './use-profile.js';

/** How others see one, and what one says of oneself. */
export function ProfileSettings() {
  const { profile, show } = useProfile();
  if (!profile) return <Loading />;
  return (
    <div className="flex flex-col gap-10">
      <ProfileForm profile={profile} onSaved={show} />
      <StatusForm profile={profile} onSaved={show} />
      <DeleteAccount />
    </div>
  );
}

function ProfileForm({
  profile,
  onSaved,
}: {
  readonly profile: Profile;
  readonly onSaved: (profile: Profile) => void;
}) {
  const t = useTranslations('settings.profile');
  const app = useTranslations('app');
  const { username, firstName, lastName, phone, email, displayName, id, avatarUrl } = profile;
  const [schema] = useState(() => UpdateProfile.pick({ username: true, firstName: true, lastName: true }));
  const { field, submit, problem, isBusy } = useForm(schema, { username, firstName, lastName });
  const send = submit(async (input) => {
    onSaved(await parley.users.updateProfile(input));
    tell(t('saved'));
  });
  return (
    <form noValidate onSubmit={send} className="flex flex-col gap-4">
      <div className="flex items-center gap-4">
        <Avatar id={id} name={displayName} url={avatarUrl} size="large" />
        <div className="min-w-0">
          <p dir="auto" className="truncate text-xl font-semibold">
            {displayName}
          </p>
          <p className="truncate text-soft">@{username}</p>
          <p className="truncate text-soft">{phone === null ? email : `${email}, ${phone}`}</p>
        </div>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={t('firstName')} autoComplete="given-name" {...field('firstName')} />
        <TextField label={t('lastName')} autoComplete="family-name" {...field('lastName')} />
      </div>
      <TextField label={t('username')} autoComplete="username" {...field('username')} />
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" look="primary" isBusy={isBusy} className="self-start">
        {app('save')}
      </Button>
    </form>
  );
}
