import { describe, expect, it } from '@jest/globals';
import { type Segment, transcriptSchema, type WindowResult } from '@sotto/contracts';
import fc from 'fast-check';
import { evenWords, segmentOf } from '../test/arbitraries.ts';
import { assemble } from './assemble.ts';
import { joinTexts } from './join-texts.ts';

const meta = { durationMs: 60_000, model: 'base', task: 'transcribe' as const, processingMs: 5, warnings: [] };

function result(index: number, text: string, startMs: number, more: Partial<WindowResult> = {}): WindowResult {
  const segments = text === '' ? [] : [segmentOf(evenWords(text, startMs, 500))];
  return { index, language: 'en', languageProbability: 0.9, segments, dropped: [], engineMs: 1, ...more };
}

describe('assemble', () => {
  it('joins windows in the order of the recording, each once', () => {
    const transcript = assemble(
      [result(1, ' Second one.', 30_000), result(0, ' First.', 1000), result(1, ' Twice?', 30_000)],
      meta,
    );
    expect(transcript.text).toBe('First. Second one.');
    expect(transcript.segments.map(({ id, startMs }) => [id, startMs])).toEqual([
      [0, 1000],
      [1, 30_000],
    ]);
    expect(transcriptSchema.parse(transcript)).toEqual(transcript);
  });

  it('has no language when there was no speech', () => {
    expect(assemble([], meta)).toMatchObject({ text: '', language: null, languageProbability: null, segments: [] });
    expect(assemble([result(0, '', 0)], meta)).toMatchObject({ text: '', language: null, languageProbability: null });
  });

  it('takes the language of most of the text and its best probability', () => {
    const spanish = { language: 'es', languageProbability: 0.99 };
    const transcript = assemble(
      [
        result(0, ' Hi.', 0, spanish),
        result(1, ' A long tale.', 9000, { languageProbability: 0.7 }),
        result(2, ' End.', 20_000),
      ],
      meta,
    );
    expect(transcript).toMatchObject({ language: 'en', languageProbability: 0.9 });
  });

  it('keeps every time inside the recording and in order', () => {
    const anyResult = fc
      .record({ index: fc.nat(5), startMs: fc.nat(80_000), words: fc.integer({ min: 1, max: 9 }) })
      .map(({ index, startMs, words }) => result(index, ' word'.repeat(words), startMs));
    fc.assert(
      fc.property(fc.array(anyResult, { maxLength: 6 }), (results) => {
        let floorMs = 0;
        for (const { startMs, endMs, words } of assemble(results, meta).segments) {
          for (const ms of [startMs, ...words.flatMap((word) => [word.startMs, word.endMs]), endMs]) {
            expect(ms).toBeGreaterThanOrEqual(floorMs);
            floorMs = ms;
          }
          expect(endMs).toBeLessThanOrEqual(meta.durationMs);
        }
      }),
    );
  });
});

describe('the hallucination filter over a whole recording', () => {
  const silence = { avgLogprob: -0.4, flags: ['no_speech' as const] };

  /** A window that says one line, with flags. */
  function line(index: number, text: string, more: Partial<Segment> = {}): WindowResult {
    const one = result(index, text, index * 3000);
    return { ...one, segments: one.segments.map((segment) => ({ ...segment, ...more })) };
  }

  const loop = [0, 1, 2, 3, 4].map((index) => line(index, ' Thanks for watching.', silence));

  it('drops a line that window after window repeats where the model hears no speech, but not its first times', () => {
    const { text, segments, dropped } = assemble(loop, { ...meta, hallucinationFilter: 'drop' });
    expect(text).toBe('Thanks for watching. Thanks for watching.');
    expect(segments.map(({ id, flags }) => [id, flags])).toEqual([
      [0, ['no_speech']],
      [1, ['no_speech']],
    ]);
    expect(dropped.map(({ startMs, flags }) => [startMs, flags])).toEqual(
      [6000, 9000, 12_000].map((startMs) => [startMs, ['no_speech', 'repeated_line']]),
    );
  });

  it('flags them and leaves them where they are', () => {
    const { segments, dropped } = assemble(loop, { ...meta, hallucinationFilter: 'flag' });
    expect(segments.map(({ flags }) => flags.includes('repeated_line'))).toEqual([false, false, true, true, true]);
    expect(dropped).toEqual([]);
  });

  it('leaves a chorus that is sung with conviction, and everything when it is off', () => {
    const chorus = [0, 1, 2, 3, 4].map((index) => line(index, ' We all live here.'));
    expect(assemble(chorus, { ...meta, hallucinationFilter: 'drop' }).dropped).toEqual([]);
    expect(assemble(loop, { ...meta, hallucinationFilter: 'off' })).toMatchObject({ dropped: [] });
    expect(assemble(loop, meta).segments.flatMap(({ flags }) => flags)).not.toContain('repeated_line');
  });

  it('keeps what windows have set apart, in order, and counts it among the lines', () => {
    const apart = loop.map((window, at) => (at < 2 ? { ...window, segments: [], dropped: window.segments } : window));
    const { text, dropped } = assemble(apart.reverse(), { ...meta, hallucinationFilter: 'drop' });
    expect(text).toBe('');
    expect(dropped.map(({ id, startMs }) => [id, startMs])).toEqual([0, 1, 2, 3, 4].map((id) => [id, id * 3000]));
  });
});

describe('joinTexts', () => {
  it.each([
    [[' One.', ' Two.'], 'One. Two.'],
    [['One.', 'Two.'], 'One. Two.'],
    [['こんにちは。', '世界'], 'こんにちは。世界'],
    [['', ' a', ''], 'a'],
  ])('%j', (texts, expected) => {
    expect(joinTexts(texts)).toBe(expected);
  });
});
