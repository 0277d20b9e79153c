import type { EditedTranscript } from '@sotto/transcript';
import { useEffect, useState } from 'react';
import { loadTranscript } from './load-transcript.ts';

/** The transcript of an item as it is now, for pages that do not change it. */
export function useTranscript(itemId: string): { transcript: EditedTranscript | null; error: unknown } {
  const [transcript, setTranscript] = useState<EditedTranscript | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const abort = new AbortController();
    loadTranscript({ itemId, original: false }, abort.signal)
      .then(setTranscript)
      .catch((reason) => {
        if (!abort.signal.aborted) setError(reason);
      });
    return () => abort.abort();
  }, [itemId]);
  return { transcript, error };
}
