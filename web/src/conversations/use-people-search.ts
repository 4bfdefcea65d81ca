import type { User } from '@parley/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { parley } from '../app/parley.js';
import { useSettled } from '../app/use-settled.js';

/** People whose name begins like this; undefined while there is nothing to show. */
export function usePeopleSearch(text: string): readonly User[] | undefined {
  const asked = useSettled(text.trim());
  const { data } = useQuery({
    queryKey: ['people', asked],
    queryFn: () => parley.users.search(asked, { limit: 20 }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  return text.trim() === '' ? undefined : data?.items;
}
