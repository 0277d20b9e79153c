import { describe, expect, it } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import fc from 'fast-check';
import { languageUnits } from './units.ts';

const lengthOf = (spans: readonly Span[]) => spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
const span = (startMs: number, endMs: number): Span => ({ startMs, endMs });

/** A window of 29 s at most, and where somebody speaks in it: stretches and pauses in turn. */
const anyWindow = fc
  .array(fc.record({ pauseMs: fc.integer({ min: 100, max: 3_000 }), speechMs: fc.integer({ min: 100, max: 9_000 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((stretches) => {
    let at = 5_000;
    const speech = stretches.map(({ pauseMs, speechMs }) => {
      const startMs = at + pauseMs;
      at = startMs + speechMs;
      return { startMs, endMs: at };
    });
    return { speech, window: { index: 3, spans: [span(5_000, at + 500)] } };
  });

describe('languageUnits', () => {
  it('divides a window at its pauses, into units of some seconds', () => {
    const speech = [span(0, 4_000), span(4_200, 8_000), span(8_900, 12_000), span(12_150, 15_900)];
    const units = languageUnits([{ index: 0, spans: [span(0, 16_000)] }], speech);
    expect(units).toEqual([
      { window: 0, spans: [span(0, 4_100)], speechMs: 4_000 },
      { window: 0, spans: [span(4_100, 8_450)], speechMs: 3_800 },
      { window: 0, spans: [span(8_450, 16_000)], speechMs: 6_850 },
    ]);
  });

  it('divides at a pause of a second, however little is said', () => {
    const units = languageUnits([{ index: 0, spans: [span(0, 6_000)] }], [span(0, 2_000), span(3_000, 6_000)]);
    expect(units.map(({ spans }) => spans)).toEqual([[span(0, 2_500)], [span(2_500, 6_000)]]);
  });

  it('leaves a window whole in which nothing is known of speech', () => {
    const window = { index: 7, spans: [span(0, 1_000), span(2_000, 29_000)] };
    expect(languageUnits([window], undefined)).toEqual([{ window: 7, spans: window.spans, speechMs: 28_000 }]);
  });

  it('gives every millisecond of a window to exactly one unit, in order', () => {
    fc.assert(
      fc.property(anyWindow, ({ window, speech }) => {
        const units = languageUnits([window], speech);
        const spans = units.flatMap((unit) => unit.spans);
        expect(lengthOf(spans)).toBe(lengthOf(window.spans));
        for (const [at, { startMs }] of spans.slice(1).entries()) expect(startMs).toBe(spans[at]?.endMs);
        expect(units.reduce((sum, { speechMs }) => sum + speechMs, 0)).toBe(lengthOf(speech));
      }),
    );
  });
});
