import type { StateChange } from '@parley/sdk';
import { useSyncExternalStore } from 'react';
import { parley } from './parley.js';

let latest: StateChange = { state: parley.state, reason: 'begun' };
const listeners = new Set<() => void>();
parley.on('state', (change) => {
  latest = change;
  for (const listener of listeners) listener();
});
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Whether the page is connected to its server, and when that is tried next. */
export const useConnection = (): StateChange => useSyncExternalStore(subscribe, () => latest);
