import { hearRecording, likenessOf, type Networks, sampleOf, type Vector } from '@sotto/speakers';
import { SAMPLE_RATE } from '../../media/pcm.ts';
import { resampled } from '../../media/resampled.ts';

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
  const pcm = resampled(samples, sampleRateHz, SAMPLE_RATE);
  const { voice } = sampleOf(await hearRecording(networks, pcm, { threads, signal }));
  return voice === null ? NO_VOICE : (likenessOf([voice], [target])[0]?.[0] ?? NO_VOICE);
}
