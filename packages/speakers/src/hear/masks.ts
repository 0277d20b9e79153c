import { CHUNK_FRAMES, CHUNK_SAMPLES, FRAME_SAMPLES, TRUNK_SAMPLES } from '../geometry.ts';
import { localMasks } from './local-activity.ts';
import { SLOT_TRUNK_FRAMES } from './pieces.ts';

/** Voices to be heard over the same stretch of the trunk's frames. */
export interface VoiceMasks {
  firstFrame: number;
  frames: number;
  /** Where each voice belongs among all results. */
  rows: number[];
  /** [rows][frames], 0 or 1. */
  weights: Float32Array;
}

const CHUNK_TRUNK_FRAMES = CHUNK_SAMPLES / TRUNK_SAMPLES;
/** With 0.4 s alone, the rest of a local speaker's frames is left out. */
const ENOUGH_ALONE_FRAMES = 24;
const LEAST_TRUNK_FRAMES = 2;
const LEAST_MOMENT_FRAMES = 4;
/** What is heard of a moment before and after its slot. */
const MOMENT_MARGIN_FRAMES = 5;

/** The segmentation's frame at the middle of one of the trunk's, both counted from the start of a chunk. */
const frameAt = (trunkFrame: number): number =>
  Math.min(CHUNK_FRAMES - 1, Math.floor(((trunkFrame + 0.5) * TRUNK_SAMPLES) / FRAME_SAMPLES));

/**
 * A chunk's local speakers, each over the frames in which it speaks alone, or over all of its own if those are few.
 * @param chunkFrame the trunk's frame with which the chunk begins @param frames how many there are
 */
export function masksOfChunk(activity: Uint8Array, chunkFrame: number, frames: number, firstRow: number): VoiceMasks {
  const masks = localMasks(activity).map(({ active, alone, aloneFrames }) =>
    aloneFrames > ENOUGH_ALONE_FRAMES ? alone : active,
  );
  const stretch = { first: chunkFrame, end: Math.min(frames, chunkFrame + CHUNK_TRUNK_FRAMES) };
  return voiceMasks(masks, stretch, chunkFrame, firstRow, LEAST_TRUNK_FRAMES);
}

/** A slot's local speakers, those of the chunk `activity` is of, where they speak alone. */
export function masksOfSlot(
  activity: Uint8Array,
  { chunkFrame, slotFrame, frames }: { chunkFrame: number; slotFrame: number; frames: number },
  firstRow: number,
): VoiceMasks {
  const stretch = {
    first: Math.max(chunkFrame, slotFrame - MOMENT_MARGIN_FRAMES),
    end: Math.min(frames, chunkFrame + CHUNK_TRUNK_FRAMES, slotFrame + SLOT_TRUNK_FRAMES + MOMENT_MARGIN_FRAMES),
  };
  const masks = localMasks(activity).map(({ alone }) => alone);
  return voiceMasks(masks, stretch, chunkFrame, firstRow, LEAST_MOMENT_FRAMES);
}

function voiceMasks(
  masks: readonly boolean[][],
  { first, end }: { first: number; end: number },
  chunkFrame: number,
  firstRow: number,
  leastFrames: number,
): VoiceMasks {
  const frames = Math.max(0, end - first);
  const heard = masks.flatMap((mask, speaker) => {
    const weights = Float32Array.from({ length: frames }, (_, i) => (mask[frameAt(first + i - chunkFrame)] ? 1 : 0));
    return weights.reduce((sum, weight) => sum + weight, 0) >= leastFrames
      ? [{ row: firstRow + speaker, weights }]
      : [];
  });
  const weights = new Float32Array(heard.length * frames);
  heard.forEach((voice, index) => {
    weights.set(voice.weights, index * frames);
  });
  return { firstFrame: first, frames, rows: heard.map(({ row }) => row), weights };
}
