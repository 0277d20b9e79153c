const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** IEEE 754 half-precision bits of a number, rounded to nearest, ties to even, as numpy does. */
export function toHalf(value: number): number {
  scratch[0] = value;
  return halfOfSingle(scratchBits[0] as number);
}

/** The same from the bits of a single. Branches by exponent: overflow, normal, subnormal, zero. */
export function halfOfSingle(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rebased = magnitude - 0x38000000;
    return sign | roundedShift(rebased, 13);
  }
  if (magnitude < 0x33000000) return sign;
  const exponent = magnitude >>> 23;
  return sign | roundedShift((magnitude & 0x7fffff) | 0x800000, 126 - exponent);
}

function roundedShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const lost = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return lost > half || (lost === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** The number that half-precision bits stand for: those of a single, exponent moved, unless it is subnormal. */
export function fromHalf(bits: number): number {
  const magnitude = bits & 0x7fff;
  if (magnitude < 0x400) return (bits & 0x8000 ? -1 : 1) * magnitude * 2 ** -24;
  const rebias = magnitude < 0x7c00 ? 0x3800_0000 : 0x7000_0000;
  scratchBits[0] = ((bits & 0x8000) << 16) | ((magnitude << 13) + rebias);
  return scratch[0] as number;
}

/** True for the bits of an infinity or a NaN. */
export const isUnusableHalf = (bits: number): boolean => (bits & 0x7c00) === 0x7c00;
