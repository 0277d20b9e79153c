import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyTranscript, evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { displayWidth } from '../scripts.ts';
import { clock } from './clock.ts';
import { DEFAULT_CUE_OPTIONS, shapeCues, wordCues } from './cues.ts';
import { endsSentence } from './sentences.ts';

function cues(...parts: [text: string, startMs: number, msPerWord: number][]) {
  const segments = parts.map(([text, startMs, msPerWord], id) => segmentOf(evenWords(text, startMs, msPerWord), id));
  const durationMs = (segments.at(-1)?.endMs ?? 0) + 5000;
  return shapeCues(transcriptOf(segments, durationMs)).map(({ startMs, endMs, lines }) => [startMs, endMs, ...lines]);
}

const squeeze = (text: string) => text.replace(/[\p{Cc}\s]/gu, '');

describe('shapeCues', () => {
  it('gives each sentence its own cue, also when a segment ends inside it', () => {
    expect(cues([' We went home early. It was', 0, 500], [' already dark outside.', 3000, 500])).toEqual([
      [0, 2000, 'We went home early.'],
      [2000, 4500, 'It was already dark outside.'],
    ]);
  });

  it('breaks a sentence over two even lines, after a comma where there is one', () => {
    expect(cues([' Ask not what your country can do for you, ask what you can do.', 0, 300])).toEqual([
      [0, 4200, 'Ask not what your country can do for you,', 'ask what you can do.'],
    ]);
  });

  it('divides what does not fit where the clause ends', () => {
    const text =
      ' The committee has read the long report that was sent last week, and it has decided that nothing at all will change this year.';
    expect(cues([text, 0, 250]).map(([, , ...lines]) => lines)).toEqual([
      ['The committee has read the long', 'report that was sent last week,'],
      ['and it has decided that nothing', 'at all will change this year.'],
    ]);
  });

  it('lets short sentences share a cue and stay long enough to be read', () => {
    expect(cues([' Yes. No.', 0, 300])).toEqual([[0, 1000, 'Yes. No.']]);
    expect(cues([' Yes.', 0, 300], [' No.', 5000, 300])).toEqual([
      [0, 1000, 'Yes.'],
      [5000, 6000, 'No.'],
    ]);
  });

  it('ends a cue at a long pause', () => {
    expect(cues([' one two', 0, 600], [' three four', 4000, 600])).toEqual([
      [0, 1200, 'one two'],
      [4000, 5200, 'three four'],
    ]);
  });

  it('counts East Asian characters as two columns', () => {
    const text = '今日は天気がいいので散歩に行きましょうと彼女は言ったが私は家で本を読みたいと思った';
    const words = Array.from(text, (word, index) => ({
      word,
      startMs: index * 150,
      endMs: index * 150 + 150,
      confidence: 1,
    }));
    const [cue, ...rest] = shapeCues(transcriptOf([segmentOf(words)], 60_000));
    expect(rest).toEqual([]);
    expect(cue?.lines.join('')).toBe(text);
    for (const line of cue?.lines ?? []) expect(displayWidth(line)).toBeLessThanOrEqual(42);
  });

  it('falls back on the text of segments that have no words', () => {
    const bare = { ...segmentOf(evenWords(' One two three.', 0, 500)), words: [] };
    expect(shapeCues(transcriptOf([bare], 5000))).toEqual([{ startMs: 0, endMs: 1500, lines: ['One two three.'] }]);
  });

  it('keeps its promises for any transcript', () => {
    fc.assert(
      fc.property(anyTranscript, (transcript) => {
        let floorMs = 0;
        const shaped = shapeCues(transcript);
        for (const { startMs, endMs, lines } of shaped) {
          expect(startMs).toBeGreaterThanOrEqual(floorMs);
          expect(endMs).toBeGreaterThan(startMs);
          expect(lines.length === 1 || lines.length === 2).toBe(true);
          for (const line of lines) {
            expect(line).toBe(line.trim());
            expect(line).toMatch(/^[^\n\r]+$/u);
          }
          floorMs = endMs;
        }
        const spoken = transcript.segments.flatMap(({ words }) => words.map(({ word }) => word)).join('');
        expect(squeeze(shaped.flatMap(({ lines }) => lines).join(''))).toBe(squeeze(spoken));
        // No word is broken: every line is a row of whole words.
        const words = new Set(transcript.segments.flatMap((segment) => segment.words.map(({ word }) => squeeze(word))));
        for (const line of shaped.flatMap(({ lines }) => lines)) {
          for (const part of line.split(' ')) expect(words.has(squeeze(part)) || part === '').toBe(true);
          const isOneWord = words.has(squeeze(line));
          expect(isOneWord || displayWidth(line) <= DEFAULT_CUE_OPTIONS.maxLineWidth).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('wordCues', () => {
  it('gives one cue per word', () => {
    const transcript = transcriptOf([segmentOf(evenWords(' Go now!', 100, 400))], 5000);
    expect(wordCues(transcript)).toEqual([
      { startMs: 100, endMs: 500, lines: ['Go'] },
      { startMs: 500, endMs: 900, lines: ['now!'] },
    ]);
  });
});

describe('endsSentence', () => {
  it.each([' end.', ' "end."', ' what?', ' oh…', ' so...', 'です。', '「はい！」', ' 1984!'])('%j ends one', (word) => {
    expect(endsSentence(word)).toBe(true);
  });
  it.each([' Mr.', ' e.g.', ' J.', ' U.S.', ' 3.', ' 3.14', ' well,', ' a'])('%j goes on', (word) => {
    expect(endsSentence(word)).toBe(false);
  });
});

describe('clock', () => {
  it('writes hours, minutes, seconds and milliseconds', () => {
    expect(clock(0, ',')).toBe('00:00:00,000');
    expect(clock(3_723_004, '.')).toBe('01:02:03.004');
    expect(clock(360_000_000, ',')).toBe('100:00:00,000');
  });
});
