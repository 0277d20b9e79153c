import { useInfiniteQuery } from '@tanstack/react-query';
import { client } from '../../../api/client.ts';

const PAGE_JOBS = 20;
const BUSY_MS = 2_000;
const IDLE_MS = 30_000;

/** Jobs of this caller, newest first, by pages. */
export function useJobs() {
  return useInfiniteQuery({
    queryKey: ['jobs'],
    queryFn: ({ pageParam, signal }) =>
      client.list({ limit: PAGE_JOBS, ...(pageParam !== null && { cursor: pageParam }), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchInterval: ({ state }) => {
      const jobs = state.data?.pages.flatMap((page) => page.jobs) ?? [];
      return jobs.some(({ status }) => status === 'processing') ? BUSY_MS : IDLE_MS;
    },
  });
}
