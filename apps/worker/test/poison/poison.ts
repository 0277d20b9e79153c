/** Ten milliseconds of one value, which no speech has. */
const SAMPLES = 160;
const VALUE = 12_345;

/** Puts the deadly sound into a recording. */
export function poison(samples: Int16Array, atMs: number): void {
  samples.fill(VALUE, atMs * 16, atMs * 16 + SAMPLES);
}

export function holdsPoison(pcm: Int16Array | Float32Array): boolean {
  let alike = 0;
  for (const sample of pcm) {
    alike = sample === VALUE ? alike + 1 : 0;
    if (alike >= SAMPLES / 2) return true;
  }
  return false;
}
