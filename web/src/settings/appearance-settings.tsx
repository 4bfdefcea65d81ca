import { useTranslations } from 'use-intl';
import { chooseTheme, THEMES, useTheme } from '../app/theme.js';
import { chooseLanguage, type Language, LANGUAGES, useLanguage } from '../i18n/index.js';
import { NoticeSetting } from '../conversations/notice-setting.js';
import { Choice } from '../ui/choice.js';

const languages = Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }));

/** How this device shows things. */
export function AppearanceSettings() {
  const t = useTranslations('settings.appearance');
  return (
    <div className="flex flex-col gap-6">
      <Choice
        label={t('theme')}
        value={useTheme()}
        options={THEMES.map((theme) => ({ value: theme, label: t(`themes.${theme}`) }))}
        onChange={chooseTheme}
      />
      <Choice
        label={t('language')}
        value={useLanguage()}
        options={languages}
        onChange={(language) => void chooseLanguage(language)}
      />
      <NoticeSetting />
    </div>
  );
}
