import { Audience, type Privacy, type Profile } from '@parley/protocol';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { Choice } from '../ui/choice.js';
import { Loading } from '../ui/loading.js';
import { Switch } from '../ui/switch.js';
import { tell } from '../ui/toasts.js';
import { useProfile } from './use-profile.js';

const AUDIENCES = ['lastSeen', 'profilePhoto', 'addToGroups'] as const;

/** Who may see and do what; each change is kept at once. */
export function PrivacySettings() {
  const { profile, show } = useProfile();
  return profile ? <PrivacyForm profile={profile} onSaved={show} /> : <Loading />;
}

function PrivacyForm({
  profile,
  onSaved,
}: {
  readonly profile: Profile;
  readonly onSaved: (profile: Profile) => void;
}) {
  const t = useTranslations('settings.privacy');
  const words = useErrorWords();
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (privacy: Partial<Privacy>) => parley.users.updateProfile({ privacy }),
    onSuccess: onSaved,
    onError: (error) => tell(words(error)),
  });
  // Shown as chosen while the server is asked, and as it was if that fails.
  const privacy = { ...profile.privacy, ...(isPending && variables) };
  return (
    <div className="flex flex-col gap-6">
      {AUDIENCES.map((name) => (
        <Choice
          key={name}
          label={t(`${name}.label`)}
          hint={t(`${name}.hint`)}
          value={privacy[name]}
          options={Audience.options.map((option) => ({ value: option, label: t(`audiences.${option}`) }))}
          onChange={(value) => mutate({ [name]: value })}
        />
      ))}
      <Switch
        label={t('readReceipts.label')}
        hint={t('readReceipts.hint')}
        checked={privacy.readReceipts}
        onChange={(readReceipts) => mutate({ readReceipts })}
      />
    </div>
  );
}
