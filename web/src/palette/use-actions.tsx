import { useNavigate } from '@tanstack/react-router';
import { Hash, Keyboard, Languages, LogOut, MessageSquarePlus, Settings, SunMoon, Users } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { chooseTheme, THEMES } from '../app/theme.js';
import { useSignOut } from '../auth/sign-out.js';
import type { Kind } from '../conversations/use-new-conversation.js';
import { chooseLanguage, type Language, LANGUAGES } from '../i18n/index.js';
import { SECTIONS } from '../settings/sections.js';
import type { Entry } from './entry.js';

/** What can be done from anywhere. */
export function useActions(begin: (kind: Kind) => void, showHelp: () => void): Entry[] {
  const t = useTranslations('palette');
  const settings = useTranslations('settings');
  const navigate = useNavigate();
  const signOut = useSignOut();
  return [
    { id: 'direct', label: t('newDirect'), icon: <MessageSquarePlus size={20} />, run: () => begin('direct') },
    { id: 'group', label: t('newGroup'), icon: <Users size={20} />, run: () => begin('group') },
    { id: 'channel', label: t('newChannel'), icon: <Hash size={20} />, run: () => begin('channel') },
    ...SECTIONS.map((section) => ({
      id: `settings-${section}`,
      label: t('settings', { page: settings(`sections.${section}`) }),
      icon: <Settings size={20} />,
      run: () => void navigate({ to: '/settings/$section', params: { section } }),
    })),
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      label: t('theme', { name: settings(`appearance.themes.${theme}`) }),
      icon: <SunMoon size={20} />,
      run: () => chooseTheme(theme),
    })),
    ...Object.entries(LANGUAGES).map(([language, name]) => ({
      id: `language-${language}`,
      label: t('language', { name }),
      icon: <Languages size={20} />,
      run: () => void chooseLanguage(language as Language),
    })),
    { id: 'help', label: t('help'), icon: <Keyboard size={20} />, run: showHelp },
    { id: 'sign-out', label: t('signOut'), icon: <LogOut size={20} />, run: signOut },
  ];
}
