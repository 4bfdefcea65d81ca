import { useSyncExternalStore } from 'react';

/** How long a page has for its first screen alone, in ms. */
const FIRST = 1_000;

let isLater = false;
const listeners = new Set<() => void>();
setTimeout(() => {
  isLater = true;
  for (const listener of listeners) listener();
}, FIRST);
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Whether the first screen has had its time: what opens only when it is pressed can be loaded now. */
export const useLater = (): boolean => useSyncExternalStore(subscribe, () => isLater);
