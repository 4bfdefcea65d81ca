import { z } from 'zod';
import { type Tone, TONES } from './emojis.js';

const USED = 'parley.emojis';
const TONE = 'parley.skin-tone';
const MOST_KEPT = 48;
/** How much of what was used before still counts after each use: the habits of the last few dozen uses show. */
const FADING = 0.95;

const Uses = z.array(z.tuple([z.string(), z.number()]));
type Uses = z.infer<typeof Uses>;

/** Uses after one more, most used first. */
export function withUse(uses: Uses, id: string): Uses {
  const faded = uses.filter(([other]) => other !== id).map(([other, weight]): Uses[number] => [other, weight * FADING]);
  const before = uses.find(([other]) => other === id)?.[1] ?? 0;
  return [...faded, [id, before * FADING + 1] satisfies Uses[number]]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_KEPT);
}

/** What lies in storage may be of another version, or broken. */
function usesKept(): Uses {
  try {
    return Uses.parse(JSON.parse(localStorage.getItem(USED) ?? '[]'));
  } catch {
    return [];
  }
}

/** Ids of the emojis that are used on this device, most used first. */
export const frequentlyUsed = (): string[] => usesKept().map(([id]) => id);

/** Remembers that an emoji was used. */
export const keepUse = (id: string): void => localStorage.setItem(USED, JSON.stringify(withUse(usesKept(), id)));

/** The tone of skin that was chosen on this device. */
export const chosenTone = (): Tone => TONES.find(({ key }) => key === localStorage.getItem(TONE))?.key ?? 'default';

/** Chooses a tone of skin, on this device and for good. */
export const chooseTone = (tone: Tone): void => localStorage.setItem(TONE, tone);
