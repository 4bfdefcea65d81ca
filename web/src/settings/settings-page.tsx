import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ShortcutList } from '../palette/shortcut-list.js';
import { AppearanceSettings } from './appearance-settings.js';
import { PrivacySettings } from './privacy-settings.js';
import { ProfileSettings } from './profile-settings.js';
import { SECTIONS } from './sections.js';
import { SessionsSettings } from './sessions-settings.js';

const PAGES = {
  profile: ProfileSettings,
  privacy: PrivacySettings,
  sessions: SessionsSettings,
  appearance: AppearanceSettings,
  keyboard: ShortcutList,
} as const;

/** One's own account, and how this device shows things. */
export function SettingsPage() {
  const t = useTranslations('settings');
  const app = useTranslations('app');
  const { section } = useParams({ from: '/member/settings/$section' });
  const Page = PAGES[section];
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-ground">
      <header className="flex min-h-14 items-center gap-2 border-b border-line px-2 md:px-6">
        <Link
          to="/"
          aria-label={app('back')}
          className="inline-flex size-10 items-center justify-center rounded-full text-soft hover:bg-hover md:hidden"
        >
          <ArrowLeft aria-hidden size={20} />
        </Link>
        <h1 className="text-lg font-semibold">{t('title')}</h1>
      </header>
      <nav aria-label={t('title')} className="flex gap-1 overflow-x-auto border-b border-line px-2 py-1 md:px-5">
        {SECTIONS.map((name) => (
          <Link
            key={name}
            to="/settings/$section"
            params={{ section: name }}
            className="rounded-lg px-3 py-2 whitespace-nowrap text-soft hover:bg-hover"
            activeProps={{ className: 'bg-hover font-medium !text-ink', 'aria-current': 'page' }}
          >
            {t(`sections.${name}`)}
          </Link>
        ))}
      </nav>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-xl p-4 md:p-8">
          <Page key={section} />
        </div>
      </div>
    </div>
  );
}
