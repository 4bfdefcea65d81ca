import { useNavigate } from '@tanstack/react-router';
import { LogOut, MonitorSmartphone, Settings, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSignOut } from '../auth/sign-out.js';
import { useKnownProfile } from '../settings/use-profile.js';
import { Menu, MenuItem, MenuLine } from '../ui/menu.js';
import { AccountButton } from './account-button.js';

/** Oneself: settings, devices, and the way out. */
export function AccountMenu({ startsOpen }: { readonly startsOpen: boolean }) {
  const [isOpen, setOpen] = useState(startsOpen);
  const t = useTranslations('conversations.account');
  const navigate = useNavigate();
  const profile = useKnownProfile();
  const go = (section: 'profile' | 'sessions' | 'appearance') =>
    void navigate({ to: '/settings/$section', params: { section } });
  const signOut = useSignOut();
  return (
    <Menu align="start" isOpen={isOpen} onOpenChange={setOpen} trigger={<AccountButton />}>
      <p className="max-w-60 px-3 py-2">
        <bdi className="block truncate font-medium">{profile?.displayName}</bdi>
        <span className="block truncate text-sm text-soft">@{profile?.username}</span>
      </p>
      <MenuLine />
      <MenuItem icon={<UserRound size={18} />} onSelect={() => go('profile')}>
        {t('profile')}
      </MenuItem>
      <MenuItem icon={<MonitorSmartphone size={18} />} onSelect={() => go('sessions')}>
        {t('devices')}
      </MenuItem>
      <MenuItem icon={<Settings size={18} />} onSelect={() => go('appearance')}>
        {t('settings')}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<LogOut size={18} />} onSelect={signOut}>
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
}
