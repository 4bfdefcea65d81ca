import type { User } from '@parley/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { parley } from '../app/parley.js';

/** Typing pauses this long before people are looked for, in ms. */
const PAUSE = 200;

/** People whose name begins like this; undefined while there is nothing to show. */
export function usePeopleSearch(text: string): readonly User[] | undefined {
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useQuery({
    queryKey: ['people', asked],
    queryFn: () => parley.users.search(asked, { limit: 20 }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  return text.trim() === '' ? undefined : data?.items;
}
