import { type KeyboardEvent, memo, type MouseEvent, type RefObject, useState } from 'react';
import { type Emoji, type Tone, toned } from './emojis.js';
import { COLUMNS, moved, type Place } from './grid.js';

/** In rem, as the class of the buttons has it: a section that is out of sight takes its room without being laid out. */
const ROW_HEIGHT = 2.5;

/** Emojis under a heading. */
export interface Section {
  readonly key: string;
  readonly title: string;
  readonly emojis: readonly Emoji[];
}

const placeOf = (target: EventTarget): Place | undefined => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-section]') : null;
  return button ? { section: Number(button.dataset.section), index: Number(button.dataset.index) } : undefined;
};

/** The grid: one stop for the Tab key, in which the arrows lead from emoji to emoji. No section may be empty. */
export function EmojiSections({
  sections,
  tone,
  onPick,
  scroller,
}: {
  readonly sections: readonly Section[];
  readonly tone: Tone;
  readonly onPick: (emoji: Emoji) => void;
  /** What scrolls: its children are the sections, in their order. */
  readonly scroller: RefObject<HTMLDivElement | null>;
}) {
  const [place, setPlace] = useState<Place>({ section: 0, index: 0 });
  // A search may have left nothing where the focus was.
  const current = sections[place.section]?.emojis[place.index] ? place : { section: 0, index: 0 };

  const onKeyDown = (event: KeyboardEvent) => {
    const from = placeOf(event.target);
    if (!from || event.ctrlKey || event.metaKey || event.altKey) return;
    const sizes = sections.map(({ emojis }) => emojis.length);
    const to = moved(sizes, from, event.key);
    if (!to) return;
    event.preventDefault();
    setPlace(to);
    focusEmoji(scroller.current, to);
  };
  const onClick = ({ target }: MouseEvent) => {
    const picked = placeOf(target);
    const emoji = picked && sections[picked.section]?.emojis[picked.index];
    if (!emoji) return;
    setPlace(picked);
    onPick(emoji);
  };
  return (
    // The buttons inside are what is operated; events are heard here because there are two thousand of them.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={scroller}
      onKeyDown={onKeyDown}
      onClick={onClick}
      className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2"
    >
      {sections.map((section, index) => (
        <EmojiSection
          key={section.key}
          section={section}
          number={index}
          tone={tone}
          current={current.section === index ? current.index : undefined}
        />
      ))}
    </div>
  );
}

/** Puts the focus on an emoji of a grid. */
export const focusEmoji = (grid: HTMLElement | null, { section, index }: Place): void =>
  grid?.querySelector<HTMLElement>(`[data-section="${section}"][data-index="${index}"]`)?.focus();

const EmojiSection = memo(function EmojiSection({
  section: { title, emojis },
  number,
  tone,
  current,
}: {
  readonly section: Section;
  readonly number: number;
  readonly tone: Tone;
  /** Which one the Tab key leads to, where it is one of these. */
  readonly current: number | undefined;
}) {
  return (
    <section aria-label={title}>
      <h3 aria-hidden className="sticky top-0 z-10 bg-raised py-1 text-sm font-medium text-soft">
        {title}
      </h3>
      <div
        className="grid grid-cols-8 [content-visibility:auto]"
        style={{ containIntrinsicBlockSize: `${Math.ceil(emojis.length / COLUMNS) * ROW_HEIGHT}rem` }}
      >
        {emojis.map((emoji, index) => (
          <button
            key={emoji.id}
            type="button"
            data-section={number}
            data-index={index}
            tabIndex={index === current ? 0 : -1}
            aria-label={emoji.label}
            title={emoji.label}
            className="flex h-10 items-center justify-center rounded-lg text-2xl leading-none -outline-offset-2 hover:bg-hover"
          >
            {toned(emoji, tone)}
          </button>
        ))}
      </div>
    </section>
  );
});
