import { type ErrorCode, SottoError } from '@sotto/client';
import { useEffect, useState } from 'react';
import type { Counts, Row } from './compare.ts';
import type { ComparisonMessage, ComparisonRequest, Facts } from './message.ts';

export interface Compared {
  rows: readonly Row[];
  counts: Counts;
  facts: readonly [Facts, Facts];
}

/** Two transcripts as they are now, compared beside the page. @param isReady both are there */
export function useComparison(
  first: string,
  second: string,
  isReady: boolean,
): { result: Compared | null; error: unknown } {
  const [result, setResult] = useState<Compared | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!isReady) return;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const rows: Row[] = [];
    worker.addEventListener('error', ({ message }) => setError(new Error(message)));
    worker.addEventListener('message', ({ data }: MessageEvent<ComparisonMessage>) => {
      if (data.type === 'rows') rows.push(...data.rows);
      else if (data.type === 'end') setResult({ rows, counts: data.counts, facts: data.facts });
      else setError(data.code === null ? new Error(data.detail) : new SottoError(data.code as ErrorCode, data.detail));
    });
    worker.postMessage({ itemIds: [first, second] } satisfies ComparisonRequest);
    return () => worker.terminate();
  }, [first, second, isReady]);
  return { result, error };
}
