import type { User } from '@parley/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { parley } from '../app/parley.js';
import { useSettled } from '../app/use-settled.js';
import { folded } from './list.js';

/** As the server finds people, but for accents. */
const isMeant = ({ username, displayName }: User, wanted: string): boolean =>
  [username, displayName].some((name) => folded(name).startsWith(wanted));

/** People whose name begins like this; undefined while there is nothing to show. */
export function usePeopleSearch(text: string): readonly User[] | undefined {
  const asked = useSettled(text.trim());
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['people', asked],
    queryFn: () => parley.users.search(asked, { limit: 20 }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  const wanted = folded(text.trim());
  if (wanted === '') return undefined;
  // What was found for other letters shows until the server has answered, but only who is still meant: Enter takes the first.
  return asked === text.trim() && !isPlaceholderData
    ? data?.items
    : data?.items.filter((person) => isMeant(person, wanted));
}
