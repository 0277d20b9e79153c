import type { Span } from '@sotto/contracts';
import type { Stretch } from '@sotto/speakers';
import type { SpeechDetection, SpeechDetector } from '../speech/detector.ts';

/**
 * Who is far from the microphone is heard less surely, but is heard: only what hardly is speech is a pause. Transcription does with
 * less, since it pads what it finds.
 */
const SPEECH_THRESHOLD = 0.3;

/** What finds speech for `knownPauses`. */
export const pauseDetector = (detection: SpeechDetection): SpeechDetector => detection.newDetector(SPEECH_THRESHOLD);

/** Speech as `diarize` takes it, which takes the pauses out of turns; null: only a good detector knows them. */
export function knownPauses({ name }: Pick<SpeechDetection, 'name'>, speech: readonly Span[]): Stretch[] | null {
  if (name !== 'silero') return null;
  return speech.map(({ startMs, endMs }) => ({ start: startMs / 1000, end: endMs / 1000 }));
}
