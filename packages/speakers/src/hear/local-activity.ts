import { CHUNK_FRAMES, LOCAL_SPEAKERS } from '../geometry.ts';

const CLASSES = 7;
/** Which local speakers each class of the network stands for. */
const SPEAKERS_OF_CLASS = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2]] as const;

/** What stands for certainty in `activityOf`. */
export const CERTAIN = 255;
/** More likely than not. */
export const isActive = (activity: number | undefined): boolean => (activity ?? 0) > CERTAIN / 2;

/**
 * How sure it is that each local speaker speaks, from 0 to 255.
 * @param probabilities [chunks][589][7] @returns [chunks][589][3]
 */
export function activityOf(probabilities: Float32Array): Uint8Array {
  const frames = probabilities.length / CLASSES;
  const activity = new Uint8Array(frames * LOCAL_SPEAKERS);
  for (let frame = 0; frame < frames; frame++) {
    const sums = [0, 0, 0];
    SPEAKERS_OF_CLASS.forEach((speakers, index) => {
      for (const speaker of speakers)
        sums[speaker] = (sums[speaker] ?? 0) + (probabilities[frame * CLASSES + index] ?? 0);
    });
    sums.forEach((sum, speaker) => {
      activity[frame * LOCAL_SPEAKERS + speaker] = Math.round(sum * CERTAIN);
    });
  }
  return activity;
}

/** The activity of one chunk. */
export const chunkActivity = (activity: Uint8Array, chunk: number): Uint8Array =>
  activity.subarray(chunk * CHUNK_FRAMES * LOCAL_SPEAKERS, (chunk + 1) * CHUNK_FRAMES * LOCAL_SPEAKERS);

/** The frames of a chunk in which a local speaker speaks, and those in which nobody else does. */
export interface LocalMask {
  active: boolean[];
  alone: boolean[];
  activeFrames: number;
  aloneFrames: number;
}

/** Of each local speaker. */
export function localMasks(activity: Uint8Array): LocalMask[] {
  const masks = Array.from(
    { length: LOCAL_SPEAKERS },
    (): LocalMask => ({ active: [], alone: [], activeFrames: 0, aloneFrames: 0 }),
  );
  for (let frame = 0; frame < CHUNK_FRAMES; frame++) {
    const at = frame * LOCAL_SPEAKERS;
    const speaking = masks.filter((_, speaker) => isActive(activity[at + speaker])).length;
    masks.forEach((mask, speaker) => {
      const active = isActive(activity[at + speaker]);
      const alone = active && speaking === 1;
      mask.active.push(active);
      mask.alone.push(alone);
      if (active) mask.activeFrames++;
      if (alone) mask.aloneFrames++;
    });
  }
  return masks;
}
