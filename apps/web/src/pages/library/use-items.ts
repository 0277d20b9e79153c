import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { type Filter, listQueryOf } from './filter.ts';

const PAGE_ITEMS = 30;
const BUSY_MS = 3_000;

/** What is kept, by pages. */
export function useItems(filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['library', 'items', filter],
    queryFn: ({ pageParam, signal }) =>
      client.library.list({
        ...listQueryOf(filter),
        limit: PAGE_ITEMS,
        ...(pageParam !== null && { cursor: pageParam }),
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const items = state.data?.pages.flatMap((page) => page.items) ?? [];
      return items.some(({ status }) => status === 'processing') ? BUSY_MS : false;
    },
  });
}
