import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesText } from '../i18n/bytes.ts';
import { durationText } from '../i18n/durations.ts';
import { localeFor } from '../i18n/locale.ts';

export type Formats = ReturnType<typeof formatsFor>;

/** Numbers and times as the language of the page writes them. */
export function useFormats(): Formats {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(() => formatsFor(localeFor(language), t), [language, t]);
}

function formatsFor(locale: string, t: TFunction) {
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return {
    number,
    percent: (ratio: number) => new Intl.NumberFormat(locale, { style: 'percent' }).format(ratio),
    money: (amount: number, currency: string) => moneyText(amount, currency, locale),
    bytes: (bytes: number) => bytesText(bytes, locale),
    duration: (seconds: number) => durationText(seconds, t),
    minutes: (seconds: number) => number(seconds / 60, seconds < 600 ? 1 : 0),
    moment: (iso: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso)),
    /** A day of UTC, as `2026-11-21`. */
    day: (day: string) =>
      new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day)),
  };
}

/** The setting takes any name of a currency; only those of three letters are known to browsers. */
function moneyText(amount: number, currency: string, locale: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${new Intl.NumberFormat(locale).format(amount)} ${currency}`;
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount);
}
