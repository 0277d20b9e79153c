import { CHUNK_FRAMES, FRAME_SAMPLES, frameOfSample, LOCAL_SPEAKERS } from '../geometry.ts';
import type { Heard } from '../hear/heard.ts';
import { CERTAIN, chunkActivity } from '../hear/local-activity.ts';

/** How sure it is that each speaker speaks, frame by frame of the recording. */
export interface Timeline {
  frames: number;
  speakers: number;
  /** [frames][speakers], from 0 to 1 */
  scores: Float32Array;
  /** [frames]: how many speak at once, on average of the chunks. */
  counts: Float32Array;
}

/** For each chunk and local speaker, the number of its speaker; null: not heard. */
export type SpeakerOfLocal = (number | null)[][];

/** Chunks count for less at their ends, where half of what a network hears is missing. */
const weightOf = (frame: number): number => {
  const fromEnd = Math.min(frame, CHUNK_FRAMES - 1 - frame) + 1;
  return Math.min(1, fromEnd / EDGE_FRAMES);
};
const EDGE_FRAMES = 60;

/** What the chunks that cover a frame say of it, averaged. */
export function timelineOf(heard: Heard, speakerOf: SpeakerOfLocal, speakers: number): Timeline {
  const frames = Math.min(
    frameOfSample((heard.chunks - 1) * heard.stepSamples) + CHUNK_FRAMES,
    Math.floor(heard.samples / FRAME_SAMPLES) + 1,
  );
  const scores = new Float32Array(frames * speakers);
  const counts = new Float32Array(frames);
  const weights = new Float32Array(frames);
  for (let chunk = 0; chunk < heard.chunks; chunk++) {
    const first = frameOfSample(chunk * heard.stepSamples);
    const activity = chunkActivity(heard.activity, chunk);
    const own = speakerOf[chunk] ?? [];
    const last = Math.min(CHUNK_FRAMES, frames - first);
    const loudest = new Float32Array(speakers);
    for (let frame = 0; frame < last; frame++) {
      const at = first + frame;
      const weight = weightOf(frame);
      weights[at] = (weights[at] ?? 0) + weight;
      loudest.fill(0);
      for (let local = 0; local < LOCAL_SPEAKERS; local++) {
        const value = ((activity[frame * LOCAL_SPEAKERS + local] ?? 0) / CERTAIN) * weight;
        counts[at] = (counts[at] ?? 0) + value;
        const speaker = own[local] ?? null;
        if (speaker !== null) loudest[speaker] = Math.max(loudest[speaker] ?? 0, value);
      }
      for (let speaker = 0; speaker < speakers; speaker++) {
        scores[at * speakers + speaker] = (scores[at * speakers + speaker] ?? 0) + (loudest[speaker] ?? 0);
      }
    }
  }
  for (let at = 0; at < frames; at++) {
    const weight = weights[at] ?? 0;
    if (weight === 0) continue;
    counts[at] = (counts[at] ?? 0) / weight;
    for (let i = at * speakers; i < (at + 1) * speakers; i++) scores[i] = (scores[i] ?? 0) / weight;
  }
  return { frames, speakers, scores, counts };
}
