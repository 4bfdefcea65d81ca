import type { ComponentProps } from 'react';
import { useTranslations } from 'use-intl';
import { useKnownProfile } from '../settings/use-profile.js';
import { Avatar } from '../ui/avatar.js';

/** The picture of who is signed in, to be pressed. */
export function AccountButton(props: ComponentProps<'button'>) {
  const t = useTranslations('conversations.account');
  const profile = useKnownProfile();
  return (
    <button type="button" aria-label={t('title')} className="rounded-full" {...props}>
      <Avatar id={profile?.id ?? ''} name={profile?.displayName ?? ''} url={profile?.avatarUrl ?? null} size="small" />
    </button>
  );
}
