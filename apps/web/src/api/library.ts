import { SottoError } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { client } from './client.ts';

/** For how long new items are kept. `isOff`: this service keeps nothing. */
export function useLibrarySettings() {
  const query = useQuery({
    queryKey: ['library', 'settings'],
    queryFn: async ({ signal }) => ({ keepDays: await client.library.keepDays({ signal }) }),
  });
  return { ...query, isOff: query.error instanceof SottoError && query.error.code === 'library_off' };
}
