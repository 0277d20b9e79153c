import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuseNotFinite } from './finite.ts';

const singles = (values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const damaged = expect.objectContaining({ detail: expect.stringMatching(/weights are damaged: encoder.x/) });

describe('weights that are no numbers', () => {
  it('are refused wherever they stand, as float32', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite), fc.constantFrom(Number.NaN, Infinity, -Infinity), fc.array(finite), (a, bad, b) => {
        expect(() => refuseNotFinite('encoder.x', singles([...a, ...b]), true)).not.toThrow();
        expect(() => refuseNotFinite('encoder.x', singles([...a, bad, ...b]), true)).toThrow(damaged);
      }),
    );
  });

  it.each([0x7c00, 0xfc00, 0x7e00, 0x7c01])('are refused as float16 (bits %i)', (bits) => {
    expect(() => refuseNotFinite('encoder.x', Buffer.from(Uint16Array.of(0x3c00, bits).buffer), false)).toThrow(
      damaged,
    );
  });

  it('are not seen in the largest and smallest of float16', () => {
    const bits = Uint16Array.of(0x7bff, 0xfbff, 0x0001, 0x8000);
    expect(() => refuseNotFinite('encoder.x', Buffer.from(bits.buffer), false)).not.toThrow();
  });
});
