import {
  CHUNK_FRAMES,
  EMBEDDING_WIDTH,
  frameOfSample,
  LOCAL_SPEAKERS,
  MEL_BINS,
  TRUNK_CONTEXT,
  TRUNK_FEATURES,
  TRUNK_SAMPLES,
  TRUNK_WIDTH,
} from '../geometry.ts';
import type { Networks } from '../networks.ts';
import type { HeardPiece } from './heard.ts';
import { limited } from './limited.ts';
import { activityOf, chunkActivity, isActive } from './local-activity.ts';
import { masksOfChunk, masksOfSlot, type VoiceMasks } from './masks.ts';
import { chunkOfSlot, type Piece, type RecordingPlan, SLOT_TRUNK_FRAMES } from './pieces.ts';
import { type Region, speechRegions, subtractMean, trunkBlocks } from './speech-regions.ts';

export interface HearOptions {
  /** Calls of the networks side by side, each on a thread. */
  threads: number;
  signal?: AbortSignal;
}

/** Chunks whose memory cells are computed together: a whole tile of the kernels. */
const CHUNKS_TOGETHER = 12;
/** Features of one call of the trunk, beside their context: some 80 MB while it runs. */
const BLOCK_FEATURES = 2048;

/**
 * Hears one piece of a recording: who of three local speakers speaks in each chunk, and how each of them sounds. What a piece
 * yields depends on its samples alone.
 * @param pcm 16 kHz mono: the samples from `startSample` to `endSample` of the piece
 * @throws the signal's reason
 */
export async function hearPiece(
  networks: Networks,
  { chunks, stepSamples }: RecordingPlan,
  piece: Piece,
  pcm: Int16Array,
  options: HearOptions,
): Promise<HeardPiece> {
  const activity = await segment(networks, piece, pcm, stepSamples, options);
  const features = await networks.features(pcm);
  const regions = speechRegions(speechOf(activity, piece.chunks, stepSamples), features.length / MEL_BINS);
  subtractMean(features, regions);
  const frames = await trunkFrames(networks, features, regions, options);
  const chunkMasks = Array.from({ length: piece.chunks }, (_, chunk) =>
    masksOfChunk(
      chunkActivity(activity, chunk),
      (chunk * stepSamples) / TRUNK_SAMPLES,
      frames.length / TRUNK_WIDTH,
      chunk * LOCAL_SPEAKERS,
    ),
  );
  const slotMasks = Array.from({ length: piece.slots }, (_, index) => {
    const slot = piece.firstSlot + index;
    const chunk = chunkOfSlot(slot, chunks, stepSamples) - piece.firstChunk;
    const at = {
      chunkFrame: (chunk * stepSamples) / TRUNK_SAMPLES,
      slotFrame: slot * SLOT_TRUNK_FRAMES - piece.startSample / TRUNK_SAMPLES,
      frames: frames.length / TRUNK_WIDTH,
    };
    return masksOfSlot(chunkActivity(activity, chunk), at, index * LOCAL_SPEAKERS);
  });
  return {
    activity,
    voices: await embed(networks, frames, chunkMasks, options),
    moments: await embed(networks, frames, slotMasks, options),
  };
}

async function segment(
  networks: Networks,
  piece: Piece,
  pcm: Int16Array,
  stepSamples: number,
  { threads, signal }: HearOptions,
): Promise<Uint8Array> {
  const activity = new Uint8Array(piece.chunks * CHUNK_FRAMES * LOCAL_SPEAKERS);
  const firsts = Array.from({ length: Math.ceil(piece.chunks / CHUNKS_TOGETHER) }, (_, i) => i * CHUNKS_TOGETHER);
  await limited(firsts, threads, async (first) => {
    signal?.throwIfAborted();
    const count = Math.min(CHUNKS_TOGETHER, piece.chunks - first);
    const probabilities = await networks.segment(pcm.subarray(first * stepSamples), stepSamples, count);
    activity.set(activityOf(probabilities), first * CHUNK_FRAMES * LOCAL_SPEAKERS);
  });
  return activity;
}

/** Where any chunk hears anybody, by frame from the start of the piece. */
function speechOf(activity: Uint8Array, chunks: number, stepSamples: number): boolean[] {
  const speech: boolean[] = Array(frameOfSample((chunks - 1) * stepSamples) + CHUNK_FRAMES).fill(false);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const first = frameOfSample(chunk * stepSamples);
    chunkActivity(activity, chunk).forEach((value, at) => {
      if (isActive(value)) speech[first + Math.floor(at / LOCAL_SPEAKERS)] = true;
    });
  }
  return speech;
}

/** Zeros outside of the regions. */
async function trunkFrames(
  networks: Networks,
  features: Float32Array,
  regions: readonly Region[],
  { threads, signal }: HearOptions,
): Promise<Float32Array> {
  const count = features.length / MEL_BINS;
  const frames = new Float32Array(Math.ceil(count / TRUNK_FEATURES) * TRUNK_WIDTH);
  await limited(trunkBlocks(regions, BLOCK_FEATURES), threads, async ({ start, end }) => {
    signal?.throwIfAborted();
    const from = Math.max(0, start - TRUNK_CONTEXT);
    const heard = await networks.trunk(
      features.subarray(from * MEL_BINS, Math.min(count, end + TRUNK_CONTEXT) * MEL_BINS),
    );
    const first = (start - from) / TRUNK_FEATURES;
    const length = Math.ceil((end - start) / TRUNK_FEATURES);
    frames.set(
      heard.subarray(first * TRUNK_WIDTH, (first + length) * TRUNK_WIDTH),
      (start / TRUNK_FEATURES) * TRUNK_WIDTH,
    );
  });
  return frames;
}

/** @returns [masks][3][256] */
async function embed(
  networks: Networks,
  frames: Float32Array,
  masks: readonly VoiceMasks[],
  { threads, signal }: HearOptions,
): Promise<Float32Array> {
  const voices = new Float32Array(masks.length * LOCAL_SPEAKERS * EMBEDDING_WIDTH);
  await limited(masks, threads, async ({ firstFrame, frames: count, rows, weights }) => {
    if (rows.length === 0) return;
    signal?.throwIfAborted();
    const embeddings = await networks.embed(
      frames.subarray(firstFrame * TRUNK_WIDTH, (firstFrame + count) * TRUNK_WIDTH),
      weights,
    );
    rows.forEach((row, index) => {
      voices.set(embeddings.subarray(index * EMBEDDING_WIDTH, (index + 1) * EMBEDDING_WIDTH), row * EMBEDDING_WIDTH);
    });
  });
  return voices;
}
