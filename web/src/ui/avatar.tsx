import { displayed } from '../text/display.js';
import { classNames } from './class-names.js';

const SIZES = { small: 'size-8 text-xs', medium: 'size-11 text-base', large: 'size-24 text-3xl' } as const;
/** Grounds on which white letters are readable. */
const GROUNDS = [
  'bg-teal-700',
  'bg-sky-700',
  'bg-indigo-700',
  'bg-fuchsia-800',
  'bg-rose-700',
  'bg-amber-800',
  'bg-lime-800',
  'bg-slate-600',
];

function groundOf(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973;
  return GROUNDS[sum % GROUNDS.length] ?? 'bg-slate-600';
}

const graphemes = new Intl.Segmenter();

/** The first letters of the first and the last word. */
function initials(name: string): string {
  const words = displayed(name).trim().split(/\s+/u).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen
    .map((word) => [...graphemes.segment(word ?? '')][0]?.segment ?? '')
    .join('')
    .toUpperCase();
}

/** Somebody's or some group's picture, or the letters their name begins with. The name stands beside it, so it is silent. */
export function Avatar({
  id,
  name,
  url,
  size = 'medium',
}: {
  readonly id: string;
  readonly name: string;
  readonly url?: string | null;
  readonly size?: keyof typeof SIZES;
}) {
  const shape = classNames('shrink-0 rounded-full', SIZES[size]);
  if (url) return <img src={url} alt="" className={classNames(shape, 'object-cover')} />;
  return (
    // The letters are a picture: they are no part of the name of whatever the picture stands in.
    <span
      aria-hidden
      data-initials={initials(name)}
      className={classNames(
        shape,
        groundOf(id),
        'inline-flex items-center justify-center font-medium text-white select-none before:content-[attr(data-initials)]',
      )}
    />
  );
}
