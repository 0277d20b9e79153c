import { dot, unit, type Vector } from '../vectors.ts';

/** Voices of one person are at least so alike (cosine), and those of two people hardly ever; see docs/speakers.md. */
export const ALIKE = 0.55;
/** Somebody is recognized only where the next known voice is so much less alike: of two that are, neither is named. */
export const MARGIN = 0.1;

/**
 * Whom of the known voices is heard as which speaker: the known voice that is nearest to the speaker, by far enough, and to
 * which no other speaker is nearer. So one known voice is at most one speaker.
 * @returns for each speaker the index of a known voice; null: nobody known
 */
export function matchVoices(speakers: readonly Vector[], known: readonly Vector[]): (number | null)[] {
  const likeness = likenessOf(speakers, known);
  return likeness.map((row, speaker) => {
    const [best, next] = row.map((value, voice) => ({ value, voice })).toSorted((a, b) => b.value - a.value);
    if (best === undefined || best.value < ALIKE) return null;
    if (next !== undefined && best.value - next.value < MARGIN) return null;
    const isTaken = likeness.some((other, at) => {
      const value = other[best.voice] ?? -1;
      return value > best.value || (value === best.value && at < speaker);
    });
    return isTaken ? null : best.voice;
  });
}

/** The cosine of each speaker's voice with each known one. */
export function likenessOf(speakers: readonly Vector[], known: readonly Vector[]): number[][] {
  const directions = known.map(unit);
  return speakers.map((speaker) => {
    const own = unit(speaker);
    return directions.map((direction) => dot(own, direction));
  });
}
