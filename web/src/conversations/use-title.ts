import type { StoreState } from '@parley/sdk';
import { useEffect } from 'react';
import { useStore } from '../app/use-store.js';
import { isUnread } from './list.js';

const NAME = 'Parley';

/** How many conversations wait to be read; archived and muted ones do not. */
function waiting({ conversations }: StoreState): number {
  const now = Date.now();
  return [...conversations.values()].filter((state) => {
    const { archived, mutedUntil } = state.conversation.me;
    return isUnread(state) && !archived && !(mutedUntil !== null && Date.parse(mutedUntil) > now);
  }).length;
}

/** Shows in the title of the page how many conversations wait to be read. */
export function useTitle(): void {
  const count = useStore(waiting);
  useEffect(() => {
    document.title = count > 0 ? `(${count}) ${NAME}` : NAME;
    return () => {
      document.title = NAME;
    };
  }, [count]);
}
