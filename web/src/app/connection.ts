import type { StateChange } from '@parley/sdk';
import { useSyncExternalStore } from 'react';
import { parley } from './parley.js';

let latest: StateChange = { state: parley.state, reason: 'begun' };
const subscribe = (listener: () => void) =>
  parley.on('state', (change) => {
    latest = change;
    listener();
  });

/** Whether the page is connected to its server, and when that is tried next. */
export const useConnection = (): StateChange => useSyncExternalStore(subscribe, () => latest);
