import { describe, expect, it } from '@jest/globals';
import { SottoError, windowResultSchema } from '@sotto/contracts';
import { assemble } from '@sotto/transcript';
import { gapOf, gapWarnings, leavesGap } from './gap.ts';

const spans = [
  { startMs: 1000, endMs: 9000 },
  { startMs: 10_000, endMs: 30_500 },
];
const options = { language: null } as never;
const last = { isFinal: () => true, signal: new AbortController().signal };
const meta = { durationMs: 60_000, model: 'm', task: 'transcribe', processingMs: 1, warnings: [] } as const;

describe('a window that cannot be transcribed', () => {
  it('leaves a gap only at the last try, where that was asked for, and where the window is to blame', () => {
    const failed = new SottoError('transcription_failed', 'x');
    expect(leavesGap({ onError: 'gap' }, last, failed)).toBe(true);
    expect(leavesGap({ onError: 'gap' }, last, new Error('of the engine'))).toBe(true);
    expect(leavesGap({}, last, failed)).toBe(false);
    expect(leavesGap({ onError: 'gap' }, { ...last, isFinal: () => false }, failed)).toBe(false);
    expect(leavesGap({ onError: 'gap' }, { ...last, signal: AbortSignal.abort() }, failed)).toBe(false);
    for (const code of ['blob_missing', 'storage_unavailable', 'model_load_failed', 'job_cancelled'] as const) {
      expect(leavesGap({ onError: 'gap' }, last, new SottoError(code, 'x'))).toBe(false);
    }
  });

  it('is marked in the transcript with its times, and has no text in it', () => {
    const gap = windowResultSchema.parse(gapOf({ index: 1, spans, options }));
    const whole = { index: 0, language: 'de', languageProbability: 0.5, segments: [], dropped: [], engineMs: 1 };
    const transcript = assemble([gap, whole], { ...meta, hallucinationFilter: 'drop' });
    expect(transcript).toMatchObject({ text: '', segments: [], language: null });
    expect(transcript.dropped).toMatchObject([{ startMs: 1000, endMs: 30_500, text: '', flags: ['not_transcribed'] }]);
    expect(gapWarnings([whole, gap])).toEqual([
      { code: 'window_failed', detail: 'Nothing could be transcribed from 1 s to 30.5 s.' },
    ]);
    expect(gapWarnings([whole])).toEqual([]);
    expect(gapWarnings([])).toEqual([]);
  });

  it('fails the transcription if there is nothing else', () => {
    expect(() => gapWarnings([gapOf({ index: 0, spans, options })])).toThrow('transcription_failed');
  });
});
