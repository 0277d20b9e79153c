import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHUNK_SAMPLES, TRUNK_SAMPLES } from '../geometry.ts';
import { chunkOfSlot, planRecording, SLOT_SAMPLES } from './pieces.ts';

const recording = fc.record({
  samples: fc.integer({ min: 1, max: 3600 * 16_000 }),
  stepSeconds: fc.constantFrom(0.5, 1, 2, 5),
  pieceSeconds: fc.integer({ min: 20, max: 900 }),
});

describe('the pieces of a recording', () => {
  it('have every chunk and every slot once, in order, and the samples that these need', () => {
    fc.assert(
      fc.property(recording, ({ samples, ...options }) => {
        const { pieces, chunks, slots, stepSamples } = planRecording(samples, options);
        let [chunk, slot] = [0, 0];
        for (const piece of pieces) {
          expect([piece.firstChunk, piece.firstSlot]).toEqual([chunk, slot]);
          expect(piece.chunks).toBeGreaterThan(0);
          chunk += piece.chunks;
          const own = Array.from({ length: piece.slots }, (_, i) => chunkOfSlot(slot + i, chunks, stepSamples));
          expect(own.every((each) => each >= piece.firstChunk && each < chunk)).toBe(true);
          slot += piece.slots;
          expect(piece.startSample).toBe(piece.firstChunk * stepSamples);
          expect(piece.endSample).toBe(Math.min(samples, (chunk - 1) * stepSamples + CHUNK_SAMPLES));
        }
        expect([chunk, slot]).toEqual([chunks, slots]);
        expect(pieces.at(-1)?.endSample).toBe(samples);
        expect(slots * SLOT_SAMPLES).toBeGreaterThanOrEqual(samples);
        expect(stepSamples % TRUNK_SAMPLES).toBe(0);
      }),
    );
  });

  it('are as long as asked for at most, but for one chunk', () => {
    const { pieces, stepSamples } = planRecording(3 * 3600 * 16_000, { stepSeconds: 1, pieceSeconds: 300 });
    for (const { chunks } of pieces) expect(chunks * stepSamples).toBeLessThanOrEqual(300 * 16_000 + stepSamples);
  });
});
