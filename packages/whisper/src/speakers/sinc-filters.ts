export interface SincBank {
  /** [40], each before its absolute value and the least value are taken. */
  lowHz: Float32Array;
  bandHz: Float32Array;
  /** [125]: the left half of a Hamming window. */
  window: Float32Array;
  /** [125]: 2 pi times the seconds from the centre, of the left half. */
  times: Float32Array;
}

const LEAST_LOW_HZ = 50;
const LEAST_BAND_HZ = 50;
const HIGHEST_HZ = 8000;

/**
 * The filters of SincNet (Ravanelli and Bengio 2018), band passes, and their odd counterparts (asteroid-filterbanks,
 * ParamSincFB), after all even ones.
 * @returns [80][251]
 */
export function sincFilters({ lowHz, bandHz, window, times }: SincBank): Float32Array {
  const half = times.length;
  const length = 2 * half + 1;
  const bands = lowHz.length;
  const filters = new Float32Array(2 * bands * length);
  for (let band = 0; band < bands; band++) {
    const low = LEAST_LOW_HZ + Math.abs(lowHz[band] ?? 0);
    const high = Math.min(HIGHEST_HZ, low + LEAST_BAND_HZ + Math.abs(bandHz[band] ?? 0));
    const even = filters.subarray(band * length, (band + 1) * length);
    const odd = filters.subarray((bands + band) * length, (bands + band + 1) * length);
    even[half] = 1;
    for (let i = 0; i < half; i++) {
      const t = times[i] ?? 0;
      const factor = (window[i] ?? 0) / (t * (high - low));
      const evenValue = (Math.sin(high * t) - Math.sin(low * t)) * factor;
      const oddValue = (Math.cos(low * t) - Math.cos(high * t)) * factor;
      even[i] = evenValue;
      even[length - 1 - i] = evenValue;
      odd[i] = oddValue;
      odd[length - 1 - i] = -oddValue;
    }
  }
  return filters;
}
