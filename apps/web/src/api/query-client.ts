import { SottoError } from '@sotto/client';
import { QueryClient } from '@tanstack/react-query';

const MOST_RETRIES = 2;

/** What a service refuses is not asked for again by itself: the page says what to do. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => !(error instanceof SottoError) && failures < MOST_RETRIES,
    },
  },
});
