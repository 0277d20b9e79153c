import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Speech } from './speech.ts';

/** One at a time: the next one stops the last one, and so does whoever leaves the page. The last function ends it. */
export function useSpeeches(): [Speech | null, (...asked: ConstructorParameters<typeof Speech>) => void, () => void] {
  const [speech, setSpeech] = useState<Speech | null>(null);
  const queries = useQueryClient();
  useEffect(() => {
    if (speech === null) return;
    const stopListening = speech.subscribe(() => {
      if (speech.current().phase !== 'made') return;
      for (const changed of ['jobs', 'voice-usage']) void queries.invalidateQueries({ queryKey: [changed] });
    });
    return () => {
      stopListening();
      speech.stop();
    };
  }, [speech, queries]);
  return [speech, (...asked) => setSpeech(new Speech(...asked)), () => setSpeech(null)];
}
