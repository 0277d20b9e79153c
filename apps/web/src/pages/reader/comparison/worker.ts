import { SottoClient, SottoError, type WireEditedTranscript } from '@sotto/client';
import { config } from 'zod';
import { LOW_CONFIDENCE } from '../lines/low-confidence.ts';
import { compared } from './compare.ts';
import type { ComparisonMessage, ComparisonRequest, Facts } from './message.ts';
import type { ComparedWord } from './stretches.ts';

const ROWS_AT_ONCE = 200;

config({ jitless: true });
const client = new SottoClient({ baseUrl: self.location.origin });
const tell = (message: ComparisonMessage): void => self.postMessage(message);

self.addEventListener('message', async ({ data: { itemIds } }: MessageEvent<ComparisonRequest>) => {
  try {
    const [first, second] = await Promise.all([
      client.library.transcript(itemIds[0]),
      client.library.transcript(itemIds[1]),
    ]);
    const { rows, counts } = compared(wordsOf(first), wordsOf(second));
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      tell({ type: 'rows', rows: rows.slice(at, at + ROWS_AT_ONCE) });
    tell({ type: 'end', counts, facts: [factsOf(first), factsOf(second)] });
  } catch (error) {
    const isKnown = error instanceof SottoError;
    const detail = error instanceof Error ? error.message : String(error);
    tell({ type: 'failed', code: isKnown ? error.code : null, detail: isKnown ? error.detail : detail });
  }
});

const kept = ({ segments }: WireEditedTranscript) => segments.filter(({ state }) => state === 'kept');

function wordsOf(transcript: WireEditedTranscript): ComparedWord[] {
  return kept(transcript).flatMap(({ words }) =>
    words.map(({ word, start, end }, at) => ({
      text: word,
      startMs: start * 1000,
      endMs: end * 1000,
      startsLine: at === 0,
    })),
  );
}

function factsOf(transcript: WireEditedTranscript): Facts {
  const { duration, processing_time: seconds = 0 } = transcript;
  const words = kept(transcript).flatMap((segment) => segment.words);
  const sum = words.reduce((total, { confidence }) => total + confidence, 0);
  return {
    words: words.length,
    confidence: words.length === 0 ? 0 : sum / words.length,
    lowWords: words.filter(({ confidence }) => confidence < LOW_CONFIDENCE).length,
    speed: seconds > 0 ? duration / seconds : null,
  };
}
