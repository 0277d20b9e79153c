import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** More than a high screen shows. */
export const FIRST_LINES = 40;

export const itemQuery = (itemId: string) =>
  queryOptions({
    queryKey: ['library', 'item', itemId],
    queryFn: ({ signal }) => client.library.get(itemId, { signal }),
  });

/** What is shown of a transcript before all of it is there. @param from seconds */
export const firstLinesQuery = (itemId: string, from: number) =>
  queryOptions({
    queryKey: ['first-lines', itemId, from],
    queryFn: ({ signal }) => client.library.transcript(itemId, { from, limit: FIRST_LINES, signal }),
  });

/** Where to begin, in seconds, as the address of the page says; null: it does not. */
export function startOf(search: URLSearchParams): number | null {
  const at = Number(search.get('at') ?? Number.NaN);
  return Number.isFinite(at) && at >= 0 ? at : null;
}
