import { useSyncExternalStore } from 'react';

/** As the system has it, or always light or dark. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'parley.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

const chosen = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';

function apply(): void {
  const theme = chosen();
  document.documentElement.dataset.theme = theme === 'dark' || (theme === 'system' && dark.matches) ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

/** Applies what was chosen on this device, and follows the system. */
export function startTheme(): void {
  dark.addEventListener('change', apply);
  apply();
}

/** Chooses a theme, on this device and for good. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  apply();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** What is chosen on this device. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, chosen);
