import { useTranslations } from 'use-intl';
import { type Tone, TONES } from './emojis.js';

/** In which tone of skin emojis are shown and picked. The browser's own list, as small as the hand it shows. */
export function ToneChoice({ tone, onChange }: { readonly tone: Tone; readonly onChange: (tone: Tone) => void }) {
  const t = useTranslations('emoji');
  return (
    <select
      aria-label={t('tone')}
      title={t('tone')}
      value={tone}
      onChange={({ target }) => {
        const chosen = TONES.find(({ key }) => key === target.value);
        if (chosen) onChange(chosen.key);
      }}
      className="min-h-9 w-14 rounded-lg border border-line bg-ground px-1 text-ink"
    >
      {TONES.map(({ key, hand }) => (
        <option key={key} value={key}>
          {hand} {t(`tones.${key}`)}
        </option>
      ))}
    </select>
  );
}
