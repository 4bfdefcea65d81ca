/** One emoji as the data names it in one language. */
export interface Named {
  readonly hexcode: string;
  readonly unicode: string;
  readonly label: string;
  readonly tags?: readonly string[] | undefined;
  readonly group?: number | undefined;
  readonly order?: number | undefined;
  readonly skins?: readonly { readonly hexcode: string; readonly unicode: string }[] | undefined;
}

/** The groups in the order they are shown; the data counts them, and has parts of emojis as its group 2. */
export const GROUPS = [
  { key: 'smileys', number: 0, icon: '😀' },
  { key: 'people', number: 1, icon: '👋' },
  { key: 'nature', number: 3, icon: '🐻' },
  { key: 'food', number: 4, icon: '🍎' },
  { key: 'travel', number: 5, icon: '🚗' },
  { key: 'activities', number: 6, icon: '⚽' },
  { key: 'objects', number: 7, icon: '💡' },
  { key: 'symbols', number: 8, icon: '🔣' },
  { key: 'flags', number: 9, icon: '🏳️' },
] as const;
export type GroupKey = (typeof GROUPS)[number]['key'];

/** The tones of skin, from none to dark, by the code that the data writes them with. */
export const TONES = [
  { key: 'default', code: '', hand: '✋' },
  { key: 'light', code: '1F3FB', hand: '✋🏻' },
  { key: 'mediumLight', code: '1F3FC', hand: '✋🏼' },
  { key: 'medium', code: '1F3FD', hand: '✋🏽' },
  { key: 'mediumDark', code: '1F3FE', hand: '✋🏾' },
  { key: 'dark', code: '1F3FF', hand: '✋🏿' },
] as const;
export type Tone = (typeof TONES)[number]['key'];

/** An emoji that can be picked. */
export interface Emoji {
  readonly id: string;
  readonly group: GroupKey;
  /** In the reader's language. */
  readonly label: string;
  /** As it is sent, in each tone of skin; only `default` where it has no skin. */
  readonly inTone: Readonly<Partial<Record<Tone, string>>> & { readonly default: string };
}

/** The emojis of one language, in the order they are shown. */
export function emojisOf(data: readonly Named[]): Emoji[] {
  const ordered = data.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  return ordered.flatMap((named): Emoji[] => {
    const group = GROUPS.find(({ number }) => number === named.group);
    if (!group) return [];
    const tones = TONES.flatMap(({ key, code }) => {
      const skin = code === '' ? undefined : named.skins?.find(({ hexcode }) => isOnlyIn(hexcode, code));
      return skin ? [[key, asSent(skin.unicode)] as const] : [];
    });
    const inTone = { ...Object.fromEntries(tones), default: asSent(named.unicode) };
    return [{ id: named.hexcode, group: group.key, label: named.label, inTone }];
  });
}

/** An emoji as it is sent in a tone of skin. */
export const toned = ({ inTone }: Emoji, tone: Tone): string => inTone[tone] ?? inTone.default;

/** The data asks for colour also where emojis have it anyway; servers take the recommended form, which does not. */
const asSent = (unicode: string): string => unicode.replace(/^(\p{Emoji_Presentation})\uFE0F$/u, '$1');

/** Emojis of two people have a tone for each; one choice is for both. */
function isOnlyIn(hexcode: string, tone: string): boolean {
  const found = hexcode.split('-').filter((part) => TONES.some(({ code }) => code === part));
  return found.length > 0 && found.every((part) => part === tone);
}
