import { SottoError } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { client } from '../../../api/client.ts';

const MOST = 100;
const REFRESH_MS = 5_000;

/** Ids of what the library has got last; null: this service keeps nothing. */
export function useKept(): ReadonlySet<string> | null {
  const query = useQuery({
    queryKey: ['library', 'kept'],
    queryFn: ({ signal }) => client.library.list({ limit: MOST, signal }),
    refetchInterval: ({ state }) => (state.error === null ? REFRESH_MS : false),
  });
  const isOff = query.error instanceof SottoError && query.error.code === 'library_off';
  return useMemo(() => {
    if (isOff) return null;
    const done = query.data?.items.filter(({ status }) => status !== 'processing') ?? [];
    return new Set(done.map(({ id }) => id));
  }, [isOff, query.data]);
}
