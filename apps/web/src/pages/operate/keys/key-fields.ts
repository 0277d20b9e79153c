import type { KeyForm } from '@sotto/client';
import { endOf } from '../../../i18n/day-field.ts';

/** Limits that the page offers; the API has some more. */
export const LIMIT_FIELDS = [
  'requests_per_minute',
  'concurrent_jobs',
  'queued_minutes',
  'audio_minutes_per_day',
  'audio_minutes_per_month',
] as const;
export type LimitField = (typeof LIMIT_FIELDS)[number];

export const SCOPES = ['transcribe', 'read', 'metrics', 'admin'] as const;

/** What a form says; empty fields are no limits. */
export function formOf(fields: FormData): KeyForm {
  const textOf = (name: string) => String(fields.get(name) ?? '').trim();
  const limits = LIMIT_FIELDS.map((field) => [field, textOf(field) === '' ? null : Number(textOf(field))]);
  const expiry = textOf('expires_at');
  return {
    name: textOf('name'),
    scopes: SCOPES.filter((scope) => fields.has(`scope.${scope}`)),
    may_raise_priority: fields.has('may_raise_priority'),
    expires_at: expiry === '' ? null : endOf(expiry),
    ...(Object.fromEntries(limits) as Record<LimitField, number | null>),
  };
}
