import { useNavigate } from '@tanstack/react-router';
import { LogOut, MonitorSmartphone, Settings, UserRound } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { signOut } from '../app/session.js';
import { useProfile } from '../settings/use-profile.js';
import { Avatar } from '../ui/avatar.js';
import { Menu, MenuItem, MenuLine } from '../ui/menu.js';
import { tell } from '../ui/toasts.js';

/** Oneself: settings, devices, and the way out. */
export function AccountMenu() {
  const t = useTranslations('conversations.account');
  const words = useErrorWords();
  const navigate = useNavigate();
  const { profile } = useProfile();
  const go = (section: 'profile' | 'sessions' | 'appearance') =>
    void navigate({ to: '/settings/$section', params: { section } });
  const leave = () => void signOut().catch((error: unknown) => tell(words(error)));
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" aria-label={t('title')} className="rounded-full">
          <Avatar
            id={profile?.id ?? ''}
            name={profile?.displayName ?? ''}
            url={profile?.avatarUrl ?? null}
            size="small"
          />
        </button>
      }
    >
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
      <MenuItem icon={<LogOut size={18} />} onSelect={leave}>
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
}
