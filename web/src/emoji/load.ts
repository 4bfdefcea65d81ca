import { type Emoji, emojisOf, type Named } from './emojis.js';
import { indexOf, type SearchIndex } from './search.js';

/** Each is a file of its own, fetched from this server when it is first needed. */
const LANGUAGES = {
  en: () => import('./emoji-data-en.js'),
  vi: () => import('./emoji-data-vi.js'),
  ja: () => import('./emoji-data-ja.js'),
  ko: () => import('./emoji-data-ko.js'),
  zh: () => import('./emoji-data-zh.js'),
} as const;

const load = async (language: keyof typeof LANGUAGES): Promise<readonly Named[]> => (await LANGUAGES[language]()).data;

/** All emojis, named in a language. */
export const loadEmojis = async (language: 'en' | 'vi'): Promise<Emoji[]> => emojisOf(await load(language));

/** Every language at once: people search in the one that the word comes to them in. */
export const loadIndex = async (): Promise<SearchIndex> =>
  indexOf(await Promise.all([load('en'), load('vi'), load('ja'), load('ko'), load('zh')]));
