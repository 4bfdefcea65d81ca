/** Marks that turn the direction of what follows them: in a name they would reorder what stands around it. */
const DIRECTION_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/gu;

/** Text without what could reorder its surroundings; everything that can be read stays. */
export const displayed = (text: string): string => text.replace(DIRECTION_CONTROLS, '');

const ONE_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
const MOST_JUMBO = 3;
const graphemes = new Intl.Segmenter();

/** Whether a text is nothing but a few emojis, which are shown large. */
export function isJumbo(text: string): boolean {
  // The longest emojis are families and flags of some fifteen units.
  if (text.length > MOST_JUMBO * 16) return false;
  const parts = [...graphemes.segment(text.trim())].map(({ segment }) => segment).filter((part) => part.trim() !== '');
  return parts.length > 0 && parts.length <= MOST_JUMBO && parts.every((part) => ONE_EMOJI.test(part));
}
