import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';

const LOOK_AGAIN_MS = 5 * 60_000;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => client.session.get({ signal }),
  staleTime: LOOK_AGAIN_MS,
});

/** Who has opened this page; the client learns from it what changes need. */
export function useSession() {
  return useQuery(sessionQuery);
}

/** Shows that nobody is signed in, and only then forgets the rest: what is still on the page would ask for it again. */
export async function afterSignOut(queries: QueryClient): Promise<void> {
  await queries.refetchQueries({ queryKey: ['session'] });
  forgetOthers(queries);
}

/** What somebody else has seen here before. */
export function forgetOthers(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}
