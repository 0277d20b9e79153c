import { describe, expect, it } from '@jest/globals';
import { evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { displayWidth } from '../scripts.ts';
import { clock } from './clock.ts';
import type { Cue } from './cue.ts';
import { shapeCues, wordCues } from './cues.ts';

const shown = (list: readonly Cue[]) => list.map(({ startMs, endMs, lines }) => [startMs, endMs, ...lines]);

function cues(...parts: [text: string, startMs: number, msPerWord: number][]) {
  const segments = parts.map(([text, startMs, msPerWord], id) => segmentOf(evenWords(text, startMs, msPerWord), id));
  const durationMs = (segments.at(-1)?.endMs ?? 0) + 5000;
  return shown(shapeCues(transcriptOf(segments, durationMs)));
}

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
    expect(shown(shapeCues(transcriptOf([bare], 5000)))).toEqual([[0, 1500, 'One two three.']]);
  });
});

describe('wordCues', () => {
  it('gives one cue per word', () => {
    const transcript = transcriptOf([segmentOf(evenWords(' Go now!', 100, 400))], 5000);
    expect(shown(wordCues(transcript))).toEqual([
      [100, 500, 'Go'],
      [500, 900, 'now!'],
    ]);
  });
});

describe('clock', () => {
  it('writes hours, minutes, seconds and milliseconds', () => {
    expect(clock(0, ',')).toBe('00:00:00,000');
    expect(clock(3_723_004, '.')).toBe('01:02:03.004');
    expect(clock(360_000_000, ',')).toBe('100:00:00,000');
  });
});
