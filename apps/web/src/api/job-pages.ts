import type { Status } from '@sotto/client';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

const PAGE_JOBS = 20;

/** Jobs of this caller, newest first, by pages. */
export const jobPages = (filter: { status?: Status } = {}) =>
  infiniteQueryOptions({
    queryKey: ['jobs', filter],
    queryFn: ({ pageParam, signal }) =>
      client.list({ limit: PAGE_JOBS, ...filter, ...(pageParam !== null && { cursor: pageParam }), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  });
