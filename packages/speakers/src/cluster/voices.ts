import { EMBEDDING_WIDTH, LOCAL_SPEAKERS } from '../geometry.ts';
import type { Heard } from '../hear/heard.ts';
import { mean, type Vector } from '../vectors.ts';
import { agglomerate, type Item } from './agglomerate.ts';
import { joinAlike } from './alike.ts';

export interface SpeakerHints {
  /** How many there are; `least` and `most` are not looked at. */
  count?: number | undefined;
  least?: number | undefined;
  most?: number | undefined;
}

/** Moments further apart are of different people. */
const DISTANCE = 0.7;
/** What is heard in fewer moments is no speaker of its own; nor is less than this share of a short recording. */
const ENOUGH_MOMENTS = 6;
const ENOUGH_SHARE = 0.1;
const FEWEST_MOMENTS = 2;
/** More are thinned out evenly: an hour of them says who there is as well as five. */
const MOST_MOMENTS = 4000;

/**
 * Who there is: clusters of moments, in which one speaker is heard alone for 1.6 s. They say it better than the voices of whole
 * chunks, in which the segmentation network takes similar speakers for one.
 * @returns how each speaker sounds, who speaks most first; none for a recording in which nobody is heard
 */
export function voicesOf(heard: Heard, hints: SpeakerHints): Vector[] {
  const items = momentsOf(heard);
  if (items.length === 0) return [];
  const { least, most } = limitsOf(hints, items.length);
  const moments = items.map(({ voice }) => voice);
  const { atDistance, atCount } = agglomerate(items, DISTANCE, least);
  const enough = Math.min(ENOUGH_MOMENTS, Math.max(FEWEST_MOMENTS, Math.round(items.length * ENOUGH_SHARE)));
  const speakers = joinAlike(
    atDistance.filter(({ length }) => length >= enough),
    moments,
    least,
  );
  const clusters = [...speakers, ...atDistance.filter(({ length }) => length < enough)];
  clusters.sort((a, b) => b.length - a.length);
  const count = Math.min(most, Math.max(least, speakers.length));
  const taken = clusters.length >= count ? clusters.slice(0, count) : atCount;
  return taken.map((cluster) => mean(cluster.flatMap((item) => moments[item] ?? [])));
}

function limitsOf({ count, least = 1, most }: SpeakerHints, items: number): { least: number; most: number } {
  const largest = Math.max(1, Math.min(count ?? most ?? items, items));
  return { least: Math.min(Math.max(1, count ?? least), largest), most: largest };
}

function momentsOf({ moments, slots }: Heard): Item[] {
  const every = Math.ceil(slots / MOST_MOMENTS);
  const items: Item[] = [];
  for (let slot = 0; slot < slots; slot += every) {
    for (let local = 0; local < LOCAL_SPEAKERS; local++) {
      const voice = voiceAt(moments, slot * LOCAL_SPEAKERS + local);
      if (voice !== null) items.push({ voice, time: slot });
    }
  }
  return items;
}

/** A row of `HeardPiece`, or null: not heard. */
export function voiceAt(voices: Float32Array, row: number): Vector | null {
  const voice = Float64Array.from(voices.subarray(row * EMBEDDING_WIDTH, (row + 1) * EMBEDDING_WIDTH));
  return voice.some((value) => value !== 0) ? voice : null;
}
