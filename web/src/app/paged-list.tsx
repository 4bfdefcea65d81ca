import type { Page } from '@parley/sdk';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/button.js';
import { Loading } from '../ui/loading.js';
import { useErrorWords } from './error-words.js';

const AT_ONCE = 100;

/** Which page of a list is read. */
export interface PageWanted {
  readonly limit: number;
  readonly cursor?: string;
}

/** A list that is read page by page, as far as somebody wants to see it. */
export function PagedList<T>({
  queryKey,
  read,
  children,
  nothing,
}: {
  readonly queryKey: readonly unknown[];
  readonly read: (page: PageWanted) => Promise<Page<T>>;
  /** Shows one item, under a key. */
  readonly children: (item: T) => ReactNode;
  /** Says that there is nothing. */
  readonly nothing?: string;
}) {
  const t = useTranslations('app');
  const words = useErrorWords();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read({ limit: AT_ONCE, ...(pageParam !== '' && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Whoever opens a list wants it as it is now.
    staleTime: 0,
  });
  if (!data) return error ? <p role="alert">{words(error)}</p> : <Loading />;
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      {items.length === 0 && nothing !== undefined && <p className="py-2 text-soft">{nothing}</p>}
      <ul>{items.map(children)}</ul>
      {hasNextPage && (
        <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="self-center">
          {t('showMore')}
        </Button>
      )}
    </>
  );
}
