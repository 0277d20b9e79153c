import type { KeyForm, WireKey } from '@sotto/client';

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
    // The end of that day, wherever the operator is.
    expires_at: expiry === '' ? null : new Date(`${expiry}T23:59:59`).toISOString(),
    ...(Object.fromEntries(limits) as Record<LimitField, number | null>),
  };
}

/** The day of an expiry as a date field has it. */
export function dayOf(iso: WireKey['expires_at']): string {
  if (iso === null) return '';
  const date = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
