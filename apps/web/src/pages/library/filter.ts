import { useSearchParams } from 'react-router';

export const SORTS = ['created', 'updated', 'title', 'duration'] as const;

export interface Filter {
  q: string;
  tag: string;
  /** Id of a folder; empty: all. */
  folder: string;
  sort: (typeof SORTS)[number];
}

/** What is looked for stands in the address, so that going back leads back to it. */
export function useFilter(): [Filter, (changes: Partial<Filter>) => void] {
  const [params, setParams] = useSearchParams();
  const filter: Filter = {
    q: params.get('q') ?? '',
    tag: params.get('tag') ?? '',
    folder: params.get('folder') ?? '',
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? 'created',
  };
  const change = (changes: Partial<Filter>): void => {
    const given = Object.entries({ ...filter, ...changes }).filter(
      ([name, value]) => value !== '' && !(name === 'sort' && value === 'created'),
    );
    setParams(new URLSearchParams(given), { replace: true });
  };
  return [filter, change];
}
