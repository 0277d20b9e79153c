import { FEATURE_SAMPLES, FRAME_SAMPLES, MEL_BINS, TRUNK_CONTEXT, TRUNK_FEATURES } from '../geometry.ts';

/** From `start` to before `end`. */
export interface Region {
  start: number;
  end: number;
}

const MARGIN_FEATURES = 60;

/**
 * The features that belong to speech, with 0.6 s around it. What lies between two regions and would be computed anyway, as
 * their context, is part of them.
 * @param speech by frame of the segmentation
 */
export function speechRegions(speech: readonly boolean[], features: number): Region[] {
  const regions: Region[] = [];
  speech.forEach((speaks, frame) => {
    if (!speaks) return;
    const start = Math.max(0, Math.floor((frame * FRAME_SAMPLES) / FEATURE_SAMPLES) - MARGIN_FEATURES);
    const end = Math.min(features, Math.floor(((frame + 1) * FRAME_SAMPLES) / FEATURE_SAMPLES) + MARGIN_FEATURES);
    const last = regions.at(-1);
    if (last !== undefined && start - last.end < 2 * TRUNK_CONTEXT) last.end = Math.max(last.end, end);
    else if (start < end) regions.push({ start: start - (start % TRUNK_FEATURES), end });
  });
  return regions;
}

/** Regions cut into blocks of which each is one call of the trunk. */
export function trunkBlocks(regions: readonly Region[], longest: number): Region[] {
  return regions.flatMap(({ start, end }) => {
    const count = Math.ceil((end - start) / longest);
    const length = Math.ceil((end - start) / count / TRUNK_FEATURES) * TRUNK_FEATURES;
    return Array.from({ length: count }, (_, i) => ({
      start: start + i * length,
      end: Math.min(end, start + (i + 1) * length),
    })).filter((block) => block.end > block.start);
  });
}

/** In place: from every feature, the mean of those in the regions is subtracted. */
export function subtractMean(features: Float32Array, regions: readonly Region[]): void {
  const sums = new Float64Array(MEL_BINS);
  let count = 0;
  for (const { start, end } of regions) {
    count += end - start;
    for (let i = start * MEL_BINS; i < end * MEL_BINS; i++)
      sums[i % MEL_BINS] = (sums[i % MEL_BINS] ?? 0) + (features[i] ?? 0);
  }
  if (count === 0) return;
  const mean = sums.map((sum) => sum / count);
  for (let i = 0; i < features.length; i++) features[i] = (features[i] ?? 0) - (mean[i % MEL_BINS] ?? 0);
}
