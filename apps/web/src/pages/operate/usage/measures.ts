import type { WireUsageDay } from '@sotto/client';

export const MEASURES = ['minutes', 'characters', 'cost', 'requests'] as const;
export type Measure = (typeof MEASURES)[number];

export function amountOf(row: WireUsageDay, measure: Measure): number {
  return measure === 'minutes' ? row.audio_seconds / 60 : (row[measure] ?? 0);
}

export type Amounts = Pick<WireUsageDay, 'requests' | 'audio_seconds' | 'characters' | 'processing_seconds' | 'cost'>;

export function sumOf(rows: readonly Amounts[]): Amounts {
  const sum = { requests: 0, audio_seconds: 0, characters: 0, processing_seconds: 0, cost: 0 };
  for (const row of rows) {
    sum.requests += row.requests;
    sum.audio_seconds += row.audio_seconds;
    sum.characters += row.characters ?? 0;
    sum.processing_seconds += row.processing_seconds;
    sum.cost += row.cost;
  }
  return sum;
}

/** By key, the most audio first. */
export function sumsByKey(rows: readonly WireUsageDay[]): (Amounts & { key_id: string | null; name: string | null })[] {
  const keys = Map.groupBy(rows, ({ key_id: id }) => id);
  return [...keys]
    .map(([id, own]) => ({ key_id: id, name: own[0]?.name ?? null, ...sumOf(own) }))
    .sort((a, b) => b.audio_seconds - a.audio_seconds);
}
