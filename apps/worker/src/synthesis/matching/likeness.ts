import { hearRecording, likenessOf, type Networks, sampleOf, type Vector } from '@sotto/speakers';
import { SAMPLE_RATE } from '../../media/pcm.ts';
import { Resampler } from '../../media/resampler.ts';

export interface LikenessOptions {
  networks: Networks;
  /** Calls of the networks side by side. */
  threads: number;
  sampleRateHz: number;
  signal: AbortSignal;
}

/** What is not heard as a voice is like none. */
const NO_VOICE = -1;

/** How like a voice the one in some speech is: the cosine of their embeddings, heard as samples of voices are. */
export async function likenessTo(target: Vector, samples: Int16Array, options: LikenessOptions): Promise<number> {
  const { networks, threads, sampleRateHz, signal } = options;
  const pcm = resampled(samples, sampleRateHz);
  const { voice } = sampleOf(await hearRecording(networks, pcm, { threads, signal }));
  return voice === null ? NO_VOICE : (likenessOf([voice], [target])[0]?.[0] ?? NO_VOICE);
}

function resampled(samples: Int16Array, fromHz: number): Int16Array {
  if (fromHz === SAMPLE_RATE) return samples;
  const resampler = new Resampler(fromHz, SAMPLE_RATE);
  const parts = [resampler.push(Float32Array.from(samples, (sample) => sample / 32_768)), resampler.flush()];
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    for (const sample of part) all[at++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
  }
  return all;
}
