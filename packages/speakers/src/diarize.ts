import { type SpeakerHints, voicesOf } from './cluster/voices.ts';
import { SAMPLE_RATE } from './geometry.ts';
import type { Heard } from './hear/heard.ts';
import { speaking, turnsOf } from './turns/binarise.ts';
import { correctMoments } from './turns/correct-moments.ts';
import { speakersOfChunks } from './turns/speakers-of-chunks.ts';
import { timelineOf } from './turns/timeline.ts';
import { inOrder, type Turn } from './turns/turn.ts';
import type { Vector } from './vectors.ts';

export interface Diarization {
  turns: Turn[];
  /** How each speaker sounds: [256], in the order of their numbers. */
  voices: Vector[];
}

/** Who speaks when in a recording, from what was heard of it. Pure: the same pieces and hints give the same turns. */
export function diarize(heard: Heard, hints: SpeakerHints = {}): Diarization {
  const voices = voicesOf(heard, hints);
  if (voices.length === 0) return { turns: [], voices: [] };
  const speakerOf = speakersOfChunks(heard, voices);
  const on = speaking(timelineOf(heard, speakerOf, voices.length));
  correctMoments(heard, speakerOf, voices, on);
  const found = turnsOf(on, voices.length, heard.samples / SAMPLE_RATE);
  const order = [
    ...new Set(found.toSorted((a, b) => a.start - b.start || a.end - b.end).map(({ speaker }) => speaker)),
  ];
  return { turns: inOrder(found), voices: order.flatMap((speaker) => voices[speaker] ?? []) };
}
