import type { ConnectionState } from '@parley/sdk';
import { useSyncExternalStore } from 'react';
import { parley } from './parley.js';

const subscribe = (listener: () => void) => parley.on('state', listener);

/** Whether the page is connected to its server. */
export const useConnection = (): ConnectionState => useSyncExternalStore(subscribe, () => parley.state);
