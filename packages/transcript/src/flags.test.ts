import { describe, expect, it } from '@jest/globals';
import { SEGMENT_FLAGS } from '@sotto/contracts';
import fc from 'fast-check';
import { evenWords } from '../test/arbitraries.ts';
import { isHallucination, type Measured, segmentFlags } from './flags.ts';

function measured(text: string, startMs: number, more: Partial<Measured> = {}): Measured {
  return {
    text,
    words: evenWords(text, startMs, 400),
    avgLogprob: -0.3,
    noSpeechProb: 0,
    compressionRatio: 1,
    ...more,
  };
}

const speech = [{ startMs: 10_000, endMs: 14_000 }];

describe('segmentFlags', () => {
  it('has none for ordinary text in speech, or where nobody looked for speech', () => {
    expect(segmentFlags(measured(' Hello there, you.', 10_500), speech)).toEqual([]);
    expect(segmentFlags(measured(' Hello there, you.', 60_000), null)).toEqual([]);
  });

  it.each<[string, Partial<Measured>]>([
    ['low_confidence', { avgLogprob: -1.2 }],
    ['repetitive', { compressionRatio: 3 }],
    ['no_speech', { noSpeechProb: 0.7 }],
  ])('%s', (flag, more) => {
    expect(segmentFlags(measured(' Hello there, you.', 10_500, more), speech)).toEqual([flag]);
  });

  it.each([' [Music]', ' (laughs) ', '*sighs* [door', ' ♪ La la la ♪', ' ...', '（笑）', '♪'])(
    '%j describes a sound',
    (text) => {
      expect(segmentFlags(measured(text, 10_500), null)).toEqual(['sound_description']);
    },
  );

  it.each([' Hello (laughs)', ' [Anna] I see.', ' 3', '世界'])('%j says something', (text) => {
    expect(segmentFlags(measured(text, 10_500), null)).toEqual([]);
  });

  it('outside_speech: half of the words or more are where nobody speaks', () => {
    expect(segmentFlags(measured(' Thank you.', 20_000), speech)).toEqual(['outside_speech']);
    // Four words of 0.4 s each: the last begins 0.5 s after the speech has ended.
    expect(segmentFlags(measured(' one two three four', 13_300), speech)).toEqual([]);
    expect(segmentFlags(measured(' one two three four', 14_000), speech)).toEqual(['outside_speech']);
    expect(segmentFlags(measured(' one two three four', 14_000), [])).toEqual(['outside_speech']);
  });

  it('forgives a detector that is late or early by less than 300 ms', () => {
    expect(segmentFlags(measured(' now', 9_400), speech)).toEqual([]);
    expect(segmentFlags(measured(' now', 9_200), speech)).toEqual(['outside_speech']);
    expect(segmentFlags(measured(' now', 14_250), speech)).toEqual([]);
  });
});

describe('isHallucination', () => {
  const flags = fc.uniqueArray(fc.constantFrom(...SEGMENT_FLAGS));

  it('needs two signals: no single flag is enough', () => {
    for (const flag of SEGMENT_FLAGS) expect(isHallucination([flag])).toBe(false);
    expect(isHallucination([])).toBe(false);
  });

  it('takes what the text shows for one signal, however it shows it', () => {
    expect(isHallucination(['repetitive', 'repeated_line', 'sound_description'])).toBe(false);
    expect(isHallucination(['repetitive', 'low_confidence'])).toBe(true);
    expect(isHallucination(['no_speech', 'outside_speech'])).toBe(true);
  });

  it('never changes its mind for the better when more speaks against a text', () => {
    fc.assert(
      fc.property(flags, flags, (some, more) => {
        if (isHallucination(some)) expect(isHallucination([...some, ...more])).toBe(true);
      }),
    );
  });
});
