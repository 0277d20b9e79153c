import { useQuery } from '@tanstack/react-query';
import { client } from './client.ts';

const LOOK_AGAIN_MS = 5 * 60_000;

/** Who has opened this page; the client learns from it what changes need. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => client.session.get({ signal }),
    staleTime: LOOK_AGAIN_MS,
  });
}
