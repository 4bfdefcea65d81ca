import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { isComposing } from '../app/composing.js';
import { useLanguage } from '../i18n/index.js';
import { Loading } from '../ui/loading.js';
import { hasFinePointer } from '../ui/pointer.js';
import { EmojiSections, focusEmoji, type Section } from './emoji-sections.js';
import { type Emoji, GROUPS, type Tone, toned } from './emojis.js';
import { chosenTone, chooseTone, frequentlyUsed, keepUse } from './kept.js';
import { loadEmojis, loadIndex } from './load.js';
import { POPULAR } from './popular.js';
import { search } from './search.js';
import { ToneChoice } from './tone-choice.js';

/**
 * Files of this client: they do not change while it runs, and may be there without a network. Without them there is no picker.
 */
const FOR_GOOD = { staleTime: Infinity, gcTime: Infinity, networkMode: 'always', throwOnError: true } as const;
/** More would be slower to show than to ask for more precisely. */
const MOST_FOUND = 160;
const MOST_FREQUENT = 16;

/** All emojis, to pick one from: by group, by what is used often, or by a name in any language that the client knows. */
export function EmojiPicker({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const t = useTranslations('emoji');
  const language = useLanguage();
  const emojis = useQuery({ queryKey: ['emojis', language], queryFn: () => loadEmojis(language), ...FOR_GOOD });
  const [query, setQuery] = useState('');
  const index = useQuery({ queryKey: ['emoji-index'], queryFn: loadIndex, enabled: query !== '', ...FOR_GOOD });
  const [tone, setTone] = useState(chosenTone);
  // As it was when the picker opened: nothing jumps away under the pointer.
  const [frequent] = useState(frequentlyUsed);
  const grid = useRef<HTMLDivElement>(null);

  const wanted = useDeferredValue(query.trim());
  const sections = useMemo((): Section[] | undefined => {
    if (!emojis.data) return undefined;
    const byId = new Map(emojis.data.map((emoji) => [emoji.id, emoji]));
    const these = (ids: readonly string[], most: number) => ids.flatMap((id) => byId.get(id) ?? []).slice(0, most);
    if (wanted === '') {
      const frequently = { key: 'frequent', title: t('frequent'), emojis: these(frequent, MOST_FREQUENT) };
      const groups = GROUPS.map(({ key }) => ({
        key,
        title: t(`groups.${key}`),
        emojis: emojis.data.filter(({ group }) => group === key),
      }));
      return [frequently, ...groups].filter((section) => section.emojis.length > 0);
    }
    if (!index.data) return undefined;
    const popular = POPULAR.flatMap((emoji) => emojis.data.find(({ inTone }) => inTone.default === emoji)?.id ?? []);
    const found = these(search(index.data, wanted, [...frequent, ...popular]), MOST_FOUND);
    return found.length > 0 ? [{ key: 'found', title: t('results'), emojis: found }] : [];
  }, [emojis.data, index.data, wanted, frequent, t]);

  const pick = (emoji: Emoji) => {
    keepUse(emoji.id);
    onPick(toned(emoji, tone));
  };
  const changeTone = (chosen: Tone) => {
    chooseTone(chosen);
    setTone(chosen);
  };
  const onSearchKey = (event: KeyboardEvent) => {
    // While a word is being composed, these keys belong to the input method.
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      focusEmoji(grid.current, { section: 0, index: 0 });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const first = sections?.[0]?.emojis[0];
      if (first && wanted !== '' && wanted === query.trim()) pick(first);
    }
  };
  const showGroup = (key: string) => {
    const place = sections?.findIndex((section) => section.key === key) ?? -1;
    const section = grid.current?.children[place];
    if (section instanceof HTMLElement) grid.current?.scrollTo({ top: section.offsetTop });
  };
  const failed = [emojis, ...(wanted === '' ? [] : [index])].filter(({ isError }) => isError);
  const count = sections?.[0]?.emojis.length ?? 0;

  return (
    <section aria-label={t('title')} className="flex h-96 min-h-40 w-88 max-w-full flex-col bg-raised text-ink">
      <div className="flex items-center gap-2 p-2">
        <input
          type="search"
          value={query}
          autoFocus={hasFinePointer()}
          aria-label={t('search')}
          placeholder={t('search')}
          onChange={({ target }) => setQuery(target.value)}
          onKeyDown={onSearchKey}
          className="min-h-9 min-w-0 flex-1 rounded-lg border border-line bg-ground px-3 text-ink placeholder:text-soft"
        />
        <ToneChoice tone={tone} onChange={changeTone} />
      </div>
      {wanted === '' && (
        <div className="flex justify-between border-b border-line px-2 pb-1">
          {GROUPS.map(({ key, icon }) => (
            <button
              key={key}
              type="button"
              aria-label={t(`groups.${key}`)}
              title={t(`groups.${key}`)}
              onClick={() => showGroup(key)}
              className="flex size-9 items-center justify-center rounded-lg text-lg leading-none hover:bg-hover"
            >
              {icon}
            </button>
          ))}
        </div>
      )}
      <p role="status" className="sr-only">
        {wanted !== '' && sections && t('found', { count })}
      </p>
      {failed.length > 0 && (
        <div role="alert" className="flex flex-col items-center gap-2 p-4 text-center">
          {t('failed')}
          <button
            type="button"
            onClick={() => void Promise.all(failed.map(({ refetch }) => refetch()))}
            className="font-medium text-accent-strong underline"
          >
            {t('again')}
          </button>
        </div>
      )}
      {!sections && failed.length === 0 && <Loading />}
      {sections?.length === 0 && <p className="p-4 text-center text-soft">{t('nothing')}</p>}
      {sections && <EmojiSections sections={sections} tone={tone} onPick={pick} scroller={grid} />}
    </section>
  );
}
