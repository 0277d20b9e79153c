import type { WireItem } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../i18n/durations.ts';
import { localeFor } from '../../i18n/locale.ts';

/** What is known of an item, in a line. */
export function useFacts(item: WireItem): string {
  const { i18n } = useTranslation();
  const date = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium', timeStyle: 'short' });
  const languages = new Intl.DisplayNames(i18n.language, { type: 'language' });
  const facts = [
    date.format(new Date(item.created_at)),
    item.duration === null ? null : clockText(item.duration),
    item.language === null ? null : languages.of(item.language),
    item.model,
    ...item.tags.map((tag) => `#${tag}`),
  ];
  return facts.filter(Boolean).join(' · ');
}
