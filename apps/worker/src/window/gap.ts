import {
  asSottoError,
  type ErrorCode,
  type Segment,
  SottoError,
  type Warning,
  type WindowResult,
} from '@sotto/contracts';
import type { JobContext, WindowPayload } from '@sotto/queue';

/** What the window itself can be to blame for. A missing blob or model says nothing of it. */
const OF_THE_WINDOW: readonly ErrorCode[] = ['transcription_failed', 'internal_error'];

/** What a job ends with whose workers died, at last with nothing else to do. */
export function workersDied(): SottoError {
  return new SottoError('transcription_failed', 'The workers that processed it died.');
}

/** Whether a window that failed is left out of the transcript, instead of failing the run. */
export function leavesGap(
  { onError }: Pick<WindowPayload, 'onError'>,
  { isFinal, signal }: Pick<JobContext, 'isFinal' | 'signal'>,
  error: unknown,
): boolean {
  return onError === 'gap' && !signal.aborted && OF_THE_WINDOW.includes(asSottoError(error).code) && isFinal(error);
}

/** The result of a window that could not be transcribed: a mark where its text is missing. */
export function gapOf({ index, spans, options }: Pick<WindowPayload, 'index' | 'spans' | 'options'>): WindowResult {
  const mark: Segment = {
    id: 0,
    startMs: spans[0]?.startMs ?? 0,
    endMs: spans.at(-1)?.endMs ?? 0,
    text: '',
    confidence: 0,
    avgLogprob: 0,
    noSpeechProb: 0,
    compressionRatio: 0,
    temperature: 0,
    tokens: [],
    words: [],
    flags: ['not_transcribed'],
  };
  const language = options.language ?? 'en';
  return { index, language, languageProbability: null, segments: [], dropped: [mark], engineMs: 0 };
}

/**
 * One warning for each gap.
 *
 * @throws SottoError transcription_failed when there is nothing but gaps
 */
export function gapWarnings(results: readonly WindowResult[]): Warning[] {
  const gaps = results.flatMap(({ dropped }) => dropped.filter(({ flags }) => flags.includes('not_transcribed')));
  if (gaps.length > 0 && gaps.length === results.length) {
    throw new SottoError('transcription_failed', 'No part of the recording could be transcribed.');
  }
  return gaps.map(({ startMs, endMs }) => ({
    code: 'window_failed',
    detail: `Nothing could be transcribed from ${startMs / 1000} s to ${endMs / 1000} s.`,
  }));
}
