import type { Span } from '@sotto/contracts';
import type { Stretch } from '@sotto/speakers';
import type { SpeechDetection } from '../speech/detector.ts';

/** Speech as `diarize` takes it, which takes the pauses out of turns; null: only a good detector knows them. */
export function knownPauses({ name }: Pick<SpeechDetection, 'name'>, speech: readonly Span[]): Stretch[] | null {
  if (name !== 'silero') return null;
  return speech.map(({ startMs, endMs }) => ({ start: startMs / 1000, end: endMs / 1000 }));
}
