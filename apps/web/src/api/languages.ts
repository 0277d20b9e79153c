import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from './client.ts';

/** What can be spoken to this service, by name in the language of the page. */
export function useLanguages(): { code: string; name: string }[] {
  const { i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: ['languages'],
    queryFn: ({ signal }) => client.languages({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const names = new Intl.DisplayNames(i18n.language, { type: 'language', fallback: 'none' });
  return (data?.languages ?? [])
    .map(({ code, name }) => ({ code, name: names.of(code) ?? name }))
    .sort((a, b) => a.name.localeCompare(b.name, i18n.language));
}
