import { useTranslations } from 'use-intl';
import { type Tone, TONES } from './emojis.js';

/** In which tone of skin emojis are shown and picked: a hand in that tone, over the browser's own list of them by name. */
export function ToneChoice({ tone, onChange }: { readonly tone: Tone; readonly onChange: (tone: Tone) => void }) {
  const t = useTranslations('emoji');
  return (
    <span className="relative flex size-9 items-center justify-center rounded-lg border border-line text-xl leading-none focus-within:outline-2 focus-within:outline-focus hover:bg-hover">
      <span aria-hidden>{TONES.find(({ key }) => key === tone)?.hand}</span>
      <select
        aria-label={t('tone')}
        title={t('tone')}
        value={tone}
        onChange={({ target }) => {
          const chosen = TONES.find(({ key }) => key === target.value);
          if (chosen) onChange(chosen.key);
        }}
        className="absolute inset-0 cursor-pointer bg-ground text-ink opacity-0"
      >
        {TONES.map(({ key, hand }) => (
          <option key={key} value={key}>
            {hand} {t(`tones.${key}`)}
          </option>
        ))}
      </select>
    </span>
  );
}
