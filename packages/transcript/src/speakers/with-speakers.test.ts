import { describe, expect, it } from '@jest/globals';
import type { SpeakerTurn, Transcript } from '@sotto/contracts';
import fc from 'fast-check';
import { anyTranscript, evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { withSpeakers } from './with-speakers.ts';

const turn = (startMs: number, endMs: number, speaker: number): SpeakerTurn => ({ startMs, endMs, speaker });

/** ` a b c d e f g h i j`, a second each. */
const tenWords = transcriptOf([segmentOf(evenWords(' a b c d e f g h i j', 0, 1000))], 10_000);

const saidBy = (transcript: Transcript, turns: SpeakerTurn[]) =>
  withSpeakers(transcript, { turns }).segments.map(({ text, speaker }) => [text.trim(), speaker]);

const anyTurns = fc
  .array(fc.record({ startMs: fc.nat(60_000), lengthMs: fc.integer({ min: 1, max: 9_000 }), speaker: fc.nat(3) }), {
    maxLength: 20,
  })
  .map((turns) =>
    turns
      .map(({ startMs, lengthMs, speaker }) => turn(startMs, startMs + lengthMs, speaker))
      .sort((a, b) => a.startMs - b.startMs),
  );

describe('withSpeakers', () => {
  it('cuts a segment where the speaker changes', () => {
    expect(saidBy(tenWords, [turn(0, 4000, 0), turn(4000, 10_000, 1)])).toEqual([
      ['a b c d', 0],
      ['e f g h i j', 1],
    ]);
  });

  it('gives a word to the nearest turn within half a second, else to nobody', () => {
    const { segments } = withSpeakers(tenWords, { turns: [turn(0, 1200, 0), turn(6800, 7000, 1)] });
    expect(segments.flatMap(({ words }) => words.map(({ speaker }) => speaker))).toEqual([
      0,
      0,
      undefined,
      undefined,
      undefined,
      undefined,
      1,
      1,
      undefined,
      undefined,
    ]);
    // What nobody is heard saying stays with what was said before.
    expect(segments.map(({ text, speaker }) => [text, speaker])).toEqual([
      [' a b c d e f', 0],
      [' g h i j', 1],
    ]);
  });

  it('leaves a word that two people say to the one who is speaking', () => {
    expect(saidBy(tenWords, [turn(0, 6000, 0), turn(3000, 10_000, 1)])).toEqual([
      ['a b c d e f', 0],
      ['g h i j', 1],
    ]);
  });

  it('names those whose names are known, and numbers the others', () => {
    const told = { turns: [turn(0, 3000, 0), turn(3000, 6000, 1), turn(6000, 10_000, 2)], names: [null, 'Ben', null] };
    const { speakers } = withSpeakers(tenWords, told, ['Anna']);
    expect(speakers).toEqual([
      { name: 'Anna', ms: 3000, words: 3 },
      { name: 'Ben', ms: 3000, words: 3 },
      { name: null, ms: 4000, words: 4 },
    ]);
  });

  it('changes no letter and no time, whoever speaks', () => {
    fc.assert(
      fc.property(anyTranscript, anyTurns, (transcript, turns) => {
        const told = withSpeakers(transcript, { turns });
        const plain = (of: Transcript) =>
          of.segments.flatMap(({ words }) => words.map(({ word, startMs, endMs }) => [word, startMs, endMs]));
        expect(told.text).toBe(transcript.text);
        expect(plain(told)).toEqual(plain(transcript));
        expect(told.segments.map(({ text }) => text).join('')).toBe(
          transcript.segments.map(({ text }) => text).join(''),
        );
        expect(told.segments.map(({ id }) => id)).toEqual(told.segments.map((_, id) => id));
      }),
    );
  });

  it('has one speaker in each segment, who speaks at the middle of each word or within half a second', () => {
    fc.assert(
      fc.property(anyTranscript, anyTurns, (transcript, turns) => {
        const { segments, speakers = [] } = withSpeakers(transcript, { turns });
        for (const { words, speaker } of segments) {
          for (const word of words) {
            const middleMs = (word.startMs + word.endMs) / 2;
            const near = turns.filter(({ startMs, endMs }) => startMs - 500 <= middleMs && middleMs <= endMs + 500);
            const speaking = near.filter(({ startMs, endMs }) => startMs <= middleMs && middleMs < endMs);
            if (near.length === 0) expect(word.speaker).toBeUndefined();
            else expect((speaking.length > 0 ? speaking : near).map((each) => each.speaker)).toContain(word.speaker);
            if (word.speaker !== undefined) expect(word.speaker).toBe(speaker);
          }
        }
        const counted = segments.flatMap(({ words }) => words).filter((word) => word.speaker !== undefined).length;
        expect(speakers.reduce((sum, { words }) => sum + words, 0)).toBe(counted);
      }),
    );
  });
});
