/** 1 % of full scale: breath and the engines' own noise are below. */
const QUIET = 328;
const KEPT_MS = 40;

/** The samples without the silence before and after speech, but for 40 ms; in memory of their own. Empty when all is silence. */
export function withoutSilentEdges(samples: Int16Array, sampleRateHz: number): Int16Array {
  const isLoud = (sample: number) => Math.abs(sample) > QUIET;
  const first = samples.findIndex(isLoud);
  if (first < 0) return new Int16Array(0);
  const last = samples.findLastIndex(isLoud);
  const kept = Math.round((sampleRateHz * KEPT_MS) / 1000);
  return samples.slice(Math.max(0, first - kept), Math.min(samples.length, last + 1 + kept));
}
