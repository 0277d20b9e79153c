import { useTranslation } from 'react-i18next';
import { localeFor } from '../../../i18n/locale.ts';

/** A time as the language of the page writes it. */
export function useMoment(): (iso: string) => string {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium', timeStyle: 'short' });
  return (iso) => format.format(new Date(iso));
}
