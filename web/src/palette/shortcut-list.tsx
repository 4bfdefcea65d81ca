import { useTranslations } from 'use-intl';
import { SHORTCUTS } from './shortcuts.js';

/** The shortcuts that there are. */
export function ShortcutList() {
  const t = useTranslations('palette.shortcuts');
  return (
    <dl className="divide-y divide-line">
      {SHORTCUTS.map(({ keys, about }) => (
        <div key={about} className="flex items-center justify-between gap-4 py-3">
          <dt>{t(about)}</dt>
          <dd>
            <kbd className="rounded-md border border-line bg-sunken px-2 py-1 font-mono text-sm whitespace-nowrap">
              {keys}
            </kbd>
          </dd>
        </div>
      ))}
    </dl>
  );
}
