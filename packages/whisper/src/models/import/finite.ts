import { refused } from './refusal.ts';

const HALF_EXPONENT = 0x7c00;
const SINGLE_EXPONENT = 0x7f80_0000;

/**
 * Whole values of little-endian float16, or float32 when `single`. One that is infinite or no number spreads from its tensor to
 * every probability, and what the model then says can look like silence.
 *
 * @throws SottoError `invalid_parameter` that names the tensor.
 */
export function refuseNotFinite(tensor: string, bytes: Buffer, single: boolean): void {
  const exponent = single ? SINGLE_EXPONENT : HALF_EXPONENT;
  const values = single
    ? new Uint32Array(copy(bytes), 0, bytes.length / 4)
    : new Uint16Array(copy(bytes), 0, bytes.length / 2);
  // By index: there are hundreds of millions of them, and an iterator takes ten times as long.
  for (let i = 0; i < values.length; i++) {
    if (((values[i] as number) & exponent) === exponent) {
      throw refused(`its weights are damaged: ${tensor} holds what is no number`);
    }
  }
}

/** A slice may begin anywhere; a typed array may not. */
const copy = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
