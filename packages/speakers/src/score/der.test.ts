import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diarizationErrors, errorRate, mappedSpeakers, type NamedTurn } from './der.ts';
import { readRttm } from './rttm.ts';

const turn = (start: number, end: number, speaker: string | number): NamedTurn => ({ start, end, speaker });
const turns = fc.array(
  fc
    .record({
      start: fc.integer({ min: 0, max: 90 }),
      length: fc.integer({ min: 1, max: 20 }),
      speaker: fc.constantFrom('a', 'b', 'c'),
    })
    .map(({ start, length, speaker }) => turn(start, start + length, speaker)),
  { maxLength: 12 },
);

describe('the diarization error', () => {
  it('counts what is missed, what nobody said, and what somebody else said', () => {
    const truth = [turn(0, 10, 'a'), turn(8, 20, 'b')];
    const errors = diarizationErrors(truth, [turn(1, 9, 0), turn(9, 12, 0), turn(12, 22, 1)], 30);
    // Missed: 0-1, and one of two in 8-10; nobody speaks in 20-22; a is said to speak in 10-12.
    expect(errors).toEqual({ missed: 3, falseAlarm: 2, confusion: 2, total: 22, trueSpeakers: 2, foundSpeakers: 2 });
    expect(errorRate(errors)).toBeCloseTo(7 / 22);
  });

  it('is nothing under any names, and the same from either side but for what it is divided by', () => {
    fc.assert(
      fc.property(turns, turns, (truth, found) => {
        const renamed = truth.map(({ start, end, speaker }) => turn(start, end, `no ${speaker}`));
        expect(diarizationErrors(truth, renamed, 110)).toMatchObject({ missed: 0, falseAlarm: 0, confusion: 0 });
        const [there, back] = [diarizationErrors(truth, found, 110), diarizationErrors(found, truth, 110)];
        expect([there.missed, there.falseAlarm, there.confusion]).toEqual([
          back.falseAlarm,
          back.missed,
          back.confusion,
        ]);
      }),
    );
  });

  it('does not count a speaker twice who is named twice at once', () => {
    expect(diarizationErrors([turn(0, 4, 'a'), turn(2, 6, 'a')], [turn(0, 6, 1)], 6)).toMatchObject({
      total: 6,
      missed: 0,
    });
  });

  it('is 0 in silence', () => {
    expect(errorRate(diarizationErrors([], [], 10))).toBe(0);
    expect(diarizationErrors([], [turn(2, 5, 0)], 10)).toMatchObject({ falseAlarm: 3, total: 0 });
  });
});

describe('mappedSpeakers', () => {
  it('gives each found speaker another true one, so that they share most of the time', () => {
    const truth = [turn(0, 4, 'Anna'), turn(4, 6, 'Ben'), turn(6, 7, 'Clara')];
    expect(mappedSpeakers(truth, [turn(0, 3, 1), turn(3, 7, 0)])).toEqual(
      new Map([
        [0, 'Ben'],
        [1, 'Anna'],
      ]),
    );
    expect(mappedSpeakers([turn(0, 1, 'Anna')], [turn(0, 1, 0), turn(2, 3, 1)])).toEqual(new Map([[0, 'Anna']]));
    expect(mappedSpeakers([], [turn(0, 1, 0)])).toEqual(new Map());
  });
});

describe('RTTM', () => {
  it('is read', () => {
    const written =
      'SPEAKER meeting 1 0.500 1.750 <NA> <NA> SPEAKER_00 <NA> <NA>\nSPEAKER meeting 1 3.000 1.000 <NA> <NA> Anna <NA> <NA>\n';
    expect(readRttm(written)).toEqual([turn(0.5, 2.25, 'SPEAKER_00'), turn(3, 4, 'Anna')]);
  });

  it('may hold other lines, and none without times or a name', () => {
    expect(readRttm('SPKR-INFO x 1 <NA>\n\n')).toEqual([]);
    expect(() => readRttm('SPEAKER x 1 one two <NA> <NA> a')).toThrow(RangeError);
    expect(() => readRttm('SPEAKER x 1 1 2')).toThrow(RangeError);
  });
});
