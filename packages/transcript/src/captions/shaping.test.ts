import { describe, expect, it } from '@jest/globals';
import { type CaptionOptions, DEFAULT_CAPTION_OPTIONS, type Transcript } from '@sotto/contracts';
import fc from 'fast-check';
import { anyCaptionOptions, anyTranscript, evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { displayWidth } from '../scripts.ts';
import { captionWords } from './caption-words.ts';
import type { Cue } from './cue.ts';
import { shapeCues, wordCues } from './cues.ts';
import { textOf } from './sentences.ts';
import { characterCount } from './timing.ts';

const squeeze = (text: string) => text.replace(/[\p{Cc}\s]/gu, '');

const anyOptions = fc.oneof(fc.constant(DEFAULT_CAPTION_OPTIONS), anyCaptionOptions);

function check(promise: (cues: Cue[], options: CaptionOptions, transcript: Transcript) => void): void {
  fc.assert(
    fc.property(anyTranscript, anyOptions, fc.boolean(), (transcript, options, isByWord) => {
      promise((isByWord ? wordCues : shapeCues)(transcript, options), options, transcript);
    }),
    { numRuns: 300 },
  );
}

describe('captions of any transcript, of any shape', () => {
  it('follow each other, apart, none too long', () => {
    check((cues, { minGapMs, maxCueMs }) => {
      let floorMs = 0;
      for (const { startMs, endMs } of cues) {
        expect(startMs).toBeGreaterThanOrEqual(floorMs);
        expect(endMs).toBeGreaterThan(startMs);
        expect(endMs - startMs).toBeLessThanOrEqual(maxCueMs);
        floorMs = endMs + minGapMs;
      }
    });
  });

  it('hold every word once, in order, and nothing else', () => {
    check((cues, _options, transcript) => {
      const said = transcript.segments.flatMap(({ words }) => words.map(({ word }) => word)).join('');
      expect(squeeze(cues.flatMap(({ lines }) => lines).join(''))).toBe(squeeze(said));
    });
  });

  it('have no more lines than asked for, and none too wide but of one word', () => {
    fc.assert(
      fc.property(anyTranscript, anyOptions, (transcript, options) => {
        for (const { lines, words } of shapeCues(transcript, options)) {
          expect(lines.length).toBeGreaterThan(0);
          expect(lines.length).toBeLessThanOrEqual(options.maxLineCount);
          expect(words.map(textOf)).toEqual(lines);
          for (const [index, line] of lines.entries()) {
            expect(line).toMatch(/^\S([^\n\r]*\S)?$/u);
            const seen = words[index]?.filter((word) => textOf([word]) !== '') ?? [];
            expect(displayWidth(line) <= options.maxLineWidth || seen.length === 1).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('break nowhere inside a word', () => {
    fc.assert(
      fc.property(anyTranscript, anyOptions, (transcript, options) => {
        const whole = captionWords(transcript).filter((word) => textOf([word]) !== '');
        const lines = shapeCues(transcript, options).flatMap(({ words }) => words);
        const inLines = lines.flat().filter((word) => textOf([word]) !== '');
        expect(inLines.map(({ word }) => word)).toEqual(whole.map(({ word }) => word));
      }),
      { numRuns: 300 },
    );
  });

  it('begin and end with their words, where gap and limits allow', () => {
    fc.assert(
      fc.property(anyTranscript, (transcript) => {
        const options = { ...DEFAULT_CAPTION_OPTIONS, maxCueMs: 60_000 };
        const starts = new Set(captionWords(transcript).map(({ startMs }) => startMs));
        let floorMs = 0;
        for (const { startMs, endMs, words } of shapeCues(transcript, options)) {
          expect(starts.has(startMs) || startMs === floorMs).toBe(true);
          expect(endMs).toBeGreaterThanOrEqual(words.flat().at(-1)?.endMs ?? 0);
          floorMs = endMs;
        }
      }),
    );
  });

  it('stay as long as they need, unless another one or the limit ends them', () => {
    fc.assert(
      fc.property(anyTranscript, anyOptions, (transcript, options) => {
        const cues = shapeCues(transcript, options);
        for (const [index, { startMs, endMs, lines }] of cues.entries()) {
          const nextMs = cues[index + 1]?.startMs ?? transcript.durationMs + options.minGapMs;
          if (endMs >= nextMs - options.minGapMs || endMs - startMs === options.maxCueMs) continue;
          expect(endMs - startMs).toBeGreaterThanOrEqual(options.minCueMs);
          const perSecond = options.maxCharactersPerSecond ?? Number.POSITIVE_INFINITY;
          expect(1000 * characterCount(lines.join(' '))).toBeLessThanOrEqual(perSecond * (endMs - startMs));
        }
      }),
      { numRuns: 300 },
    );
  });
});

const sentence = ' The committee has read the long report that was sent last week, and it has decided nothing.';

function shaped(options: Partial<CaptionOptions>, text = sentence, msPerWord = 250) {
  const transcript = transcriptOf([segmentOf(evenWords(text, 0, msPerWord))], 60_000);
  return shapeCues(transcript, { ...DEFAULT_CAPTION_OPTIONS, ...options }).map(({ startMs, endMs, lines }) => [
    startMs,
    endMs,
    ...lines,
  ]);
}

describe('a shape', () => {
  it('of one short line divides a sentence', () => {
    expect(shaped({ maxLineCount: 1, maxLineWidth: 24, minCueMs: 0 })).toEqual([
      [0, 500, 'The committee'],
      [500, 1500, 'has read the long'],
      [1500, 2250, 'report that was'],
      [2250, 3000, 'sent last week,'],
      [3000, 3750, 'and it has'],
      [3750, 4250, 'decided nothing.'],
    ]);
  });

  it('of three lines makes them alike', () => {
    expect(shaped({ maxLineCount: 3, maxLineWidth: 40 })).toEqual([
      [0, 4250, 'The committee has read the long', 'report that was sent last week,', 'and it has decided nothing.'],
    ]);
  });

  it('with a gap takes it from the end of what is said', () => {
    const [first, second] = shaped({ minGapMs: 80, maxLineCount: 1 });
    expect([first?.[1], second?.[0]]).toEqual([1420, 1500]);
  });

  it('with a reading speed keeps a caption that is said too fast', () => {
    expect(shaped({ maxCharactersPerSecond: 10 }, ' Twelve chars', 100)).toEqual([[0, 1200, 'Twelve chars']]);
    expect(shaped({}, ' Twelve chars', 100)).toEqual([[0, 1000, 'Twelve chars']]);
  });

  it('with a longest duration takes a word from the screen that does not end', () => {
    expect(shaped({ maxCueMs: 3_000 }, ' Noooo!', 9_000)).toEqual([[0, 3000, 'Noooo!']]);
  });
});
