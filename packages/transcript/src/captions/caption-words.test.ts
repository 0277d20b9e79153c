import { describe, expect, it } from '@jest/globals';
import type { Word } from '@sotto/contracts';
import fc from 'fast-check';
import { anyTranscript, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { oneLine } from '../one-line.ts';
import { captionWords } from './caption-words.ts';
import { transcriptWords } from './transcript-words.ts';

/** Each part said for 100 ms, one after the other, as Whisper's characters and tokens are. */
function spoken(parts: readonly string[]): Word[] {
  return parts.map((word, index) => ({ word, startMs: index * 100, endMs: index * 100 + 100, confidence: 0.5 }));
}

const wordsOf = (parts: readonly string[]) => captionWords({ segments: [segmentOf(spoken(parts))] });
const textsOf = (parts: readonly string[]) => wordsOf(parts).map(({ word }) => word);

describe('captionWords', () => {
  it('are the words, where there are blanks', () => {
    expect(textsOf([' You', " don't", ' well—', 'known.'])).toEqual([' You', " don't", ' well—', 'known.']);
  });

  it.each([
    ['Chinese', '我们今天去北京大学看朋友。', ['我们', '今天', '去', '北京', '大学', '看', '朋友。']],
    ['Japanese', '「今日は散歩に行った」', ['「今日', 'は', '散歩', 'に', '行った」']],
    ['Thai', 'สวัสดีครับผมชื่อสมชาย', ['สวัสดี', 'ครับ', 'ผม', 'ชื่อ', 'สมชาย']],
  ])('are found in %s', (_language, text, expected) => {
    expect(textsOf(Array.from(text))).toEqual(expected);
  });

  it('take their times from their characters, also inside a token', () => {
    const times = (parts: string[]) => wordsOf(parts).map(({ word, startMs, endMs }) => [word, startMs, endMs]);
    expect(times(['北', '京', '大', '学'])).toEqual([
      ['北京', 0, 200],
      ['大学', 200, 400],
    ]);
    expect(times(['สวัส', 'ดีครับ'])).toEqual([
      ['สวัสดี', 0, 133],
      ['ครับ', 133, 200],
    ]);
  });

  it('let a blank and a segment divide what a dictionary would join', () => {
    expect(textsOf(['北', ' 京'])).toEqual(['北', ' 京']);
    const segments = [segmentOf(spoken(['北'])), segmentOf(spoken(['京']))];
    expect(captionWords({ segments }).map(({ word }) => word)).toEqual(['北', '京']);
  });

  it('give a segment the blank that it has not', () => {
    const segments = [segmentOf(spoken([' One.'])), segmentOf(spoken(['Two.'])), segmentOf(spoken(['三']))];
    expect(captionWords({ segments }).map(({ word }) => word)).toEqual([' One.', ' Two.', '三']);
  });

  it('say what the transcript says, in order', () => {
    fc.assert(
      fc.property(anyTranscript, (transcript) => {
        const words = captionWords(transcript);
        const joined = (list: readonly Word[]) => list.map(({ word }) => oneLine(word)).join('');
        expect(joined(words)).toBe(joined(transcriptWords(transcript)));
        let floorMs = 0;
        for (const { startMs, endMs } of words) {
          expect(startMs).toBeGreaterThanOrEqual(floorMs);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          floorMs = startMs;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never come apart between letters of a script that writes blanks', () => {
    fc.assert(
      fc.property(anyTranscript, (transcript) => {
        const words = captionWords(transcript);
        for (const [index, { word }] of words.entries()) {
          const edge = `${word}\n${words[index + 1]?.word ?? ''}`;
          for (const kind of ['Script=Latin', 'Script=Arabic', 'Script=Hangul', 'Script=Devanagari', 'N']) {
            expect(edge).not.toMatch(new RegExp(`\\p{${kind}}\n[\\p{${kind}}\\p{M}]`, 'u'));
          }
        }
      }),
      { numRuns: 300 },
    );
    // Found by the above: beside Han, ICU parts these two.
    const korean = transcriptOf([segmentOf(spoken([' 가ㄱ人', ' 가']))], 500);
    expect(captionWords(korean).map(({ word }) => word)).toEqual([' 가ㄱ', '人', ' 가']);
  });

  it('of an hour of Chinese are found in a moment', () => {
    const words = spoken(Array.from('我们今天去北京大学看朋友。'.repeat(1500)));
    const startedAt = performance.now();
    expect(captionWords(transcriptOf([segmentOf(words)], 4_000_000))).toHaveLength(7 * 1500);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
