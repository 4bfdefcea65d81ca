import type { Conversation } from '@parley/sdk';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useDuration } from '../chat/use-duration.js';
import { Choice } from '../ui/choice.js';
import { tell } from '../ui/toasts.js';

/** In seconds; 0 for ever. */
const OFFERED = [0, 3_600, 86_400, 604_800, 2_592_000];

/** How long messages stay before they disappear for everyone; a change is kept at once. */
export function TtlChoice({ id, messageTtl }: Pick<Conversation, 'id' | 'messageTtl'>) {
  const t = useTranslations('groups.ttl');
  const words = useErrorWords();
  const lasting = useDuration();
  const { mutate } = useMutation({
    mutationFn: (seconds: number) => parley.conversations.update(id, { messageTtl: seconds === 0 ? null : seconds }),
    onError: (error) => tell(words(error)),
  });
  const now = messageTtl ?? 0;
  const options = OFFERED.includes(now) ? OFFERED : [...OFFERED, now].toSorted((a, b) => a - b);
  return (
    <Choice
      label={t('title')}
      hint={t('about')}
      value={String(now)}
      options={options.map((seconds) => ({
        value: String(seconds),
        label: seconds === 0 ? t('never') : t('after', { time: lasting(seconds) }),
      }))}
      onChange={(value) => mutate(Number(value))}
    />
  );
}
