import type { Enhancement } from '@sotto/contracts';
import type { FfmpegDecoding } from './ffmpeg-decoder.ts';
import { filtered } from './ffmpeg-filter.ts';
import { filterDelay } from './filter-delay.ts';
import { SAMPLE_RATE } from './pcm.ts';
import { measureSound } from './sound-figures.ts';
import { filtersOf, treatmentOf } from './sound-filters.ts';
import { enhancedBy, NOT_ENHANCED } from './warnings.ts';

/** Held back while it is measured: 4 MB. */
const MEASURED_SAMPLES = 60 * SAMPLE_RATE;

/**
 * A recording with its sound improved while it is decoded, sample for sample at its own time: the beginning is measured,
 * then all goes through ffmpeg's filters, where they are of use. Where they cannot be had, it stays as it is.
 */
export async function* enhanced(
  samples: AsyncGenerator<Float32Array>,
  enhance: Enhancement,
  context: FfmpegDecoding,
): AsyncGenerator<Float32Array> {
  try {
    const beginning = await first(samples, MEASURED_SAMPLES);
    const all = followedBy(beginning, samples);
    const figures = measureSound(joined(beginning));
    const treatment = figures && treatmentOf(enhance, figures);
    if (figures === null || treatment === null) return yield* all;
    const delay = await filterDelay(context.tools);
    if (delay === null) {
      context.warn(NOT_ENHANCED);
      return yield* all;
    }
    context.warn(enhancedBy(treatment, figures));
    const delaySamples = treatment.reducesNoise ? delay : 0;
    yield* filtered(all, filtersOf(treatment, figures), { ...context, delaySamples });
  } finally {
    await samples.return(undefined);
  }
}

/** The pieces of at least so many samples; fewer where there are no more. */
async function first(samples: AsyncGenerator<Float32Array>, count: number): Promise<Float32Array[]> {
  const pieces: Float32Array[] = [];
  for (let length = 0; length < count; length += pieces.at(-1)?.length ?? 0) {
    const { value, done } = await samples.next();
    if (done === true) break;
    pieces.push(value.map(audible));
  }
  return pieces;
}

async function* followedBy(pieces: Float32Array[], rest: AsyncGenerator<Float32Array>): AsyncGenerator<Float32Array> {
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
  for await (const piece of rest) yield piece.map(audible);
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** As samples are stored: one of a thousand times full scale, or that is no number, would spoil all that are near it. */
function audible(sample: number): number {
  return Number.isFinite(sample) ? Math.max(-1, Math.min(1, sample)) : 0;
}
