import { expect, it } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import fc from 'fast-check';
import { outside } from './outside.ts';

/** Sorted, apart. */
const anySpans = fc
  .array(fc.record({ gapMs: fc.integer({ min: 0, max: 50 }), lengthMs: fc.integer({ min: 1, max: 50 }) }), {
    maxLength: 8,
  })
  .map((parts) => {
    let at = 0;
    return parts.map(({ gapMs, lengthMs }): Span => {
      const startMs = at + gapMs;
      at = startMs + lengthMs;
      return { startMs, endMs: at };
    });
  });

const covers = (spans: readonly Span[], ms: number) => spans.some(({ startMs, endMs }) => startMs <= ms && ms < endMs);

it('leaves exactly what the others do not cover, span by span, in order', () => {
  fc.assert(
    fc.property(anySpans, anySpans, (spans, others) => {
      const parts = outside(spans, others);
      expect(parts).toHaveLength(spans.length);
      for (let ms = 0; ms < 800; ms += 1) {
        expect(covers(parts.flat(), ms)).toBe(covers(spans, ms) && !covers(others, ms));
      }
      for (const [at, span] of spans.entries()) {
        for (const part of parts[at] ?? []) {
          expect(part.startMs).toBeGreaterThanOrEqual(span.startMs);
          expect(part.endMs).toBeLessThanOrEqual(span.endMs);
          expect(part.endMs).toBeGreaterThan(part.startMs);
        }
      }
    }),
  );
});
