import type { LoaderFunctionArgs } from 'react-router';
import { queryClient } from '../../api/query-client.ts';
import { sessionQuery } from '../../api/session.ts';
import { firstLinesQuery, itemQuery, startOf } from './first-lines.ts';

/** Asks for what the page of an item will need while its code is on its way. What fails here is asked for again by the page. */
export function loadEarly({ params: { itemId = '' }, request }: LoaderFunctionArgs): null {
  const from = startOf(new URL(request.url).searchParams) ?? 0;
  const load = async (): Promise<void> => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session.signed_in) return;
    const item = await queryClient.fetchQuery(itemQuery(itemId));
    if (item.status === 'completed') await queryClient.prefetchQuery(firstLinesQuery(itemId, from));
  };
  load().catch(() => {});
  return null;
}
