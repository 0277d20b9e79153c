import { useInfiniteQuery } from '@tanstack/react-query';
import { jobPages } from '../../../api/job-pages.ts';

const BUSY_MS = 2_000;
const IDLE_MS = 30_000;

/** Jobs of this caller, newest first, by pages. */
export function useJobs() {
  return useInfiniteQuery({
    ...jobPages(),
    refetchInterval: ({ state }) => {
      const jobs = state.data?.pages.flatMap((page) => page.jobs) ?? [];
      return jobs.some(({ status }) => status === 'processing') ? BUSY_MS : IDLE_MS;
    },
  });
}
