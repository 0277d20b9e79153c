import type { ItemListOptions, WireItem } from '@sotto/client';
import { useSearchParams } from 'react-router';
import { beginOf, endOf } from '../../i18n/day-field.ts';

export const SORTS = ['created', 'updated', 'title', 'duration'] as const;
export const STATUSES = ['completed', 'processing', 'failed', 'cancelled'] as const satisfies WireItem['status'][];

/** Empty: whatever it is. */
export interface Filter {
  q: string;
  tag: string;
  /** Id of a folder. */
  folder: string;
  /** A code, such as `de`. */
  language: string;
  status: '' | (typeof STATUSES)[number];
  /** Name of somebody who speaks. */
  speaker: string;
  /** First and last day, as `2026-11-30` where the reader is. */
  from: string;
  to: string;
  sort: (typeof SORTS)[number];
}

export const NO_FILTER: Filter = {
  q: '',
  tag: '',
  folder: '',
  language: '',
  status: '',
  speaker: '',
  from: '',
  to: '',
  sort: 'created',
};
/** Those of the panel; the others are always in view. */
export const PANEL_FIELDS = ['language', 'status', 'speaker', 'from', 'to'] as const;

/** What is looked for stands in the address, so that going back leads back to it. */
export function useFilter(): [Filter, (changes: Partial<Filter>) => void] {
  const [params, setParams] = useSearchParams();
  const change = (changes: Partial<Filter>): void => {
    // Somebody who types may have changed something else in the meantime.
    const current = filterOf(new URLSearchParams(window.location.search));
    const names = Object.keys(NO_FILTER) as (keyof Filter)[];
    const changed = { ...current, ...changes };
    const given = names.filter((name) => changed[name] !== NO_FILTER[name]).map((name) => [name, changed[name]]);
    setParams(new URLSearchParams(given), { replace: true });
  };
  return [filterOf(params), change];
}

function filterOf(params: URLSearchParams): Filter {
  const text = (name: keyof Filter): string => params.get(name) ?? '';
  return {
    q: text('q'),
    tag: text('tag'),
    folder: text('folder'),
    language: text('language'),
    status: STATUSES.find((status) => status === params.get('status')) ?? '',
    speaker: text('speaker'),
    from: dayOf(text('from')),
    to: dayOf(text('to')),
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? 'created',
  };
}

const dayOf = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '');

/** As the service is asked for it. */
export function listQueryOf({ q, tag, folder, language, status, speaker, from, to, sort }: Filter): ItemListOptions {
  return {
    ...(q !== '' && { q }),
    ...(tag !== '' && { tags: [tag] }),
    ...(folder !== '' && { folder }),
    ...(language !== '' && { language }),
    ...(status !== '' && { status }),
    ...(speaker.trim() !== '' && { speaker: speaker.trim() }),
    ...(from !== '' && { from: beginOf(from) }),
    ...(to !== '' && { to: endOf(to) }),
    sort,
    ...(sort === 'title' && { order: 'asc' as const }),
  };
}
