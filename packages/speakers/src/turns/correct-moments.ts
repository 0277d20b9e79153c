import { voiceAt } from '../cluster/voices.ts';
import { CHUNK_FRAMES, frameOfSample, LOCAL_SPEAKERS } from '../geometry.ts';
import type { Heard } from '../hear/heard.ts';
import { chunkActivity, isActive } from '../hear/local-activity.ts';
import { chunkOfSlot, SLOT_SAMPLES } from '../hear/pieces.ts';
import { indexOfLargest, unit, type Vector } from '../vectors.ts';
import { similarities } from './speakers-of-chunks.ts';
import type { SpeakerOfLocal } from './timeline.ts';

/** By how much another voice must be nearer. */
const MARGIN = 0.05;

/**
 * In place: what a local speaker says in a slot moves to another voice that it sounds more like there, unless that one
 * speaks, too.
 * @param on [frames][speakers]
 */
export function correctMoments(
  heard: Heard,
  speakerOf: SpeakerOfLocal,
  voices: readonly Vector[],
  on: Uint8Array,
): void {
  const directions = voices.map(unit);
  const speakers = voices.length;
  for (let slot = 0; slot < heard.slots; slot++) {
    const chunk = chunkOfSlot(slot, heard.chunks, heard.stepSamples);
    const chunkFrame = frameOfSample(chunk * heard.stepSamples);
    const activity = chunkActivity(heard.activity, chunk);
    const first = frameOfSample(slot * SLOT_SAMPLES);
    const end = Math.min(on.length / speakers, frameOfSample((slot + 1) * SLOT_SAMPLES));
    for (let local = 0; local < LOCAL_SPEAKERS; local++) {
      const speaker = speakerOf[chunk]?.[local] ?? null;
      const moment = voiceAt(heard.moments, slot * LOCAL_SPEAKERS + local);
      if (speaker === null || moment === null) continue;
      const near = similarities(moment, directions);
      const nearest = indexOfLargest(near);
      if ((near[nearest] ?? 0) - (near[speaker] ?? 0) <= MARGIN) continue;
      for (let frame = first; frame < end; frame++) {
        const inChunk = frame - chunkFrame;
        const isOwn = inChunk >= 0 && inChunk < CHUNK_FRAMES && isActive(activity[inChunk * LOCAL_SPEAKERS + local]);
        const [from, to] = [frame * speakers + speaker, frame * speakers + nearest];
        if (isOwn && on[from] === 1 && on[to] === 0) [on[from], on[to]] = [0, 1];
      }
    }
  }
}
