import { type ReactNode, useSyncExternalStore } from 'react';
import { IntlProvider } from 'use-intl/react';
import { en } from './en.js';

declare module 'use-intl' {
  interface AppConfig {
    Locale: string;
    Messages: typeof en;
  }
}

/** The languages that there is a catalogue of, each named in itself. */
export const LANGUAGES = { en: 'English', vi: 'Tiếng Việt' } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'parley.language';
const listeners = new Set<() => void>();
let current: Language = 'en';
let messages: typeof en = en;

const isLanguage = (value: string | null | undefined): value is Language =>
  typeof value === 'string' && Object.hasOwn(LANGUAGES, value);

/** What was chosen on this device, else what the browser asks for. */
function preferred(): Language {
  const chosen = localStorage.getItem(KEY);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

async function load(language: Language): Promise<void> {
  messages = language === 'vi' ? (await import('./vi.js')).vi : en;
  current = language;
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** Loads the catalogue to begin with. */
export const startLanguage = (): Promise<void> => load(preferred());

/** Switches to a language, on this device and for good. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language);
  await load(language);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The language on screen. */
export const useLanguage = (): Language => useSyncExternalStore(subscribe, () => current);

/** The words of the language on screen, for what is no component. */
export const catalogue = (): typeof en => messages;

/** Dates and numbers look as in the reader's country where the browser names one: 25/11 here is 11/25 there. */
const regional = (language: Language): string =>
  navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;

/** Gives everything inside its catalogue, and the time zone of the reader. */
export function Languages({ children }: { readonly children: ReactNode }) {
  const language = useLanguage();
  return (
    <IntlProvider
      locale={regional(language)}
      messages={messages}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </IntlProvider>
  );
}
