import type { Presence } from '@parley/sdk';
import { useEffect, useState } from 'react';
import { parley } from './parley.js';

/** Whether somebody can be reached, for as long as they are on screen; undefined until that is known. */
export function usePresence(userId: string): Presence | undefined {
  const [presence, setPresence] = useState(() => parley.presence.get(userId));
  useEffect(() => (userId === '' ? undefined : parley.presence.watch([userId], setPresence)), [userId]);
  return presence?.userId === userId ? presence : undefined;
}
