import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SoundFigures } from './sound-figures.ts';
import { filtersOf, treatmentOf } from './sound-filters.ts';

const STUDIO: SoundFigures = { loudDb: -20, noiseDb: -65, snrDb: 40, unsteadyDb: 12, offset: 0.0003 };
const OFFICE: SoundFigures = { loudDb: -20, noiseDb: -45, snrDb: 20, unsteadyDb: 3, offset: 0.0003 };
const FAN: SoundFigures = { loudDb: -20, noiseDb: -32, snrDb: 6, unsteadyDb: 1.2, offset: 0 };

const db = fc.double({ min: -120, max: 0, noNaN: true });
const figures = fc.record({
  loudDb: db,
  noiseDb: db,
  snrDb: fc.double({ min: -60, max: 120, noNaN: true }),
  unsteadyDb: fc.double({ min: 0, max: 90, noNaN: true }),
  offset: fc.double({ min: -1, max: 1, noNaN: true }),
});

describe('auto', () => {
  it.each([
    ['a good recording', STUDIO, { reducesNoise: false, evensLevel: true }],
    ['an office', OFFICE, null],
    ['a fan', FAN, { reducesNoise: true, evensLevel: false }],
    ['a fan that is hardly heard', { ...FAN, snrDb: 20 }, null],
    ['traffic', { ...FAN, unsteadyDb: 2.5 }, null],
    ['other voices', { ...FAN, unsteadyDb: 4 }, null],
    ['a far voice', { ...OFFICE, loudDb: -50 }, { reducesNoise: false, evensLevel: true }],
    ['a far voice and a fan', { ...FAN, loudDb: -50 }, { reducesNoise: true, evensLevel: true }],
    ['an offset', { ...OFFICE, offset: -0.2 }, { reducesNoise: false, evensLevel: true }],
  ] as const)('%s', (_name, measured, treatment) => {
    expect(treatmentOf('auto', measured)).toEqual(treatment);
  });

  it('never reduces noise that changes, nor what does not matter', () => {
    fc.assert(
      fc.property(figures, (measured) => {
        const reduces = treatmentOf('auto', measured)?.reducesNoise ?? false;
        if (measured.unsteadyDb > 2 || measured.snrDb > 10) expect(reduces).toBe(false);
      }),
    );
  });
});

it('what is asked for is done, whatever is measured', () => {
  fc.assert(
    fc.property(figures, (measured) => {
      expect(treatmentOf('level', measured)).toEqual({ reducesNoise: false, evensLevel: true });
      expect(treatmentOf('denoise', measured)).toEqual({ reducesNoise: true, evensLevel: false });
    }),
  );
});

it('filters are given only what they take', () => {
  fc.assert(
    fc.property(figures, (measured) => {
      const chain = filtersOf({ reducesNoise: true, evensLevel: true }, measured).join(',');
      const numbers = /^dcshift=(\S+),highpass=f=60,afftdn=nr=6:nf=(\S+),dynaudnorm=f=250:g=15:r=0.1:b=1:m=(\S+)$/.exec(
        chain,
      );
      const [shift, floor, gain] = (numbers ?? []).slice(1).map(Number);
      expect(Math.abs(shift ?? Number.NaN)).toBeLessThanOrEqual(1);
      expect(floor).toBeGreaterThanOrEqual(-80);
      expect(floor).toBeLessThanOrEqual(-20);
      expect(gain).toBeGreaterThanOrEqual(1);
      expect(gain).toBeLessThanOrEqual(100);
    }),
  );
});
