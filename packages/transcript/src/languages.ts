import type { Transcript } from '@sotto/contracts';

/** Each language of a transcript and how long its segments are, most first. */
export function languagesOf({
  language,
  segments,
}: Pick<Transcript, 'language' | 'segments'>): { code: string; ms: number }[] {
  const sums = new Map<string, number>();
  for (const segment of segments) {
    const code = segment.language ?? language;
    if (code !== null) sums.set(code, (sums.get(code) ?? 0) + segment.endMs - segment.startMs);
  }
  return [...sums].map(([code, ms]) => ({ code, ms })).sort((a, b) => b.ms - a.ms);
}
