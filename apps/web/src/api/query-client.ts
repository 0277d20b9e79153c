import { SottoError } from '@sotto/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

const MOST_RETRIES = 2;

/** What a service refuses is not asked for again by itself: the page says what to do. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: lookWhoIsHere }),
  mutationCache: new MutationCache({ onError: lookWhoIsHere }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => !(error instanceof SottoError) && failures < MOST_RETRIES,
    },
  },
});

/** A session has ended, or another tab has begun one: then the page asks to sign in, or learns the token that changes need. */
function lookWhoIsHere(error: unknown): void {
  if (!(error instanceof SottoError) || !['unauthorized', 'csrf_token_wrong'].includes(error.code)) return;
  void queryClient.invalidateQueries({ queryKey: ['session'] });
}
