import { diarize } from '../diarize.ts';
import type { Heard } from '../hear/heard.ts';
import type { Stretch } from '../turns/within-speech.ts';
import type { Vector } from '../vectors.ts';
import { matchVoices } from './match.ts';

/** What is heard of somebody who speaks alone. */
export interface VoiceSample {
  /** null: nobody is heard, or not for long enough to know how they sound. */
  voice: Vector | null;
  /** Of speech. */
  seconds: number;
  /** How many people are heard: one, where all voices are alike. */
  people: number;
}

/** Another voice that is heard for less may be a cough or a laugh of the same person. */
const ANOTHER_SECONDS = 1;

/**
 * Who is heard in a sample that should have one person in it.
 * @param speech as for `diarize`
 */
export function sampleOf(heard: Heard, speech: readonly Stretch[] | null = null): VoiceSample {
  const { turns, voices } = diarize(heard, { count: 1 }, speech);
  const [voice = null] = voices;
  if (voice === null) return { voice, seconds: 0, people: 0 };
  const found = diarize(heard, {}, speech);
  const secondsOf = (speaker: number) => sum(found.turns.filter((turn) => turn.speaker === speaker));
  const others = found.voices.filter(
    (other, speaker) => matchVoices([other], [voice])[0] === null && secondsOf(speaker) >= ANOTHER_SECONDS,
  );
  return { voice, seconds: sum(turns), people: 1 + others.length };
}

const sum = (turns: readonly { start: number; end: number }[]): number =>
  turns.reduce((total, { start, end }) => total + end - start, 0);
