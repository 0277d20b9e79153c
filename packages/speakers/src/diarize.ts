import { type SpeakerHints, voicesOf } from './cluster/voices.ts';
import { SAMPLE_RATE } from './geometry.ts';
import type { Heard } from './hear/heard.ts';
import { speaking, turnsOf } from './turns/binarise.ts';
import { correctMoments } from './turns/correct-moments.ts';
import { smoothed } from './turns/smoothed.ts';
import { speakersOfChunks } from './turns/speakers-of-chunks.ts';
import { timelineOf } from './turns/timeline.ts';
import { byTime, inOrder, type Turn } from './turns/turn.ts';
import { type Stretch, withinSpeech } from './turns/within-speech.ts';
import type { Vector } from './vectors.ts';

export interface Diarization {
  turns: Turn[];
  /** How each speaker sounds: [256], in the order of their numbers. */
  voices: Vector[];
}

/**
 * Who speaks when in a recording, from what was heard of it. Pure: the same pieces and hints give the same turns.
 * @param speech where a detector hears speech, in order; null: there is no detector, and turns keep the pauses that are in them
 */
export function diarize(heard: Heard, hints: SpeakerHints = {}, speech: readonly Stretch[] | null = null): Diarization {
  const voices = voicesOf(heard, hints);
  if (voices.length === 0) return { turns: [], voices: [] };
  const speakerOf = speakersOfChunks(heard, voices);
  const on = speaking(timelineOf(heard, speakerOf, voices.length), speech);
  correctMoments(heard, speakerOf, voices, on);
  const all = turnsOf(on, voices.length, heard.samples / SAMPLE_RATE).toSorted(byTime);
  const found = smoothed(speech === null ? all : withinSpeech(all, speech));
  const order = [...new Set(found.map(({ speaker }) => speaker))];
  return { turns: inOrder(found), voices: order.flatMap((speaker) => voices[speaker] ?? []) };
}
