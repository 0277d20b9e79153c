import { EMBEDDING_WIDTH, LOCAL_SPEAKERS } from '../geometry.ts';
import type { Heard } from '../hear/heard.ts';
import { addScaled, dot, indexOfLargest, unit, type Vector } from '../vectors.ts';
import { agglomerate, type Item } from './agglomerate.ts';

export interface SpeakerHints {
  /** How many there are; `least` and `most` are not looked at. */
  count?: number;
  least?: number;
  most?: number;
}

const env = (name: string, value: number) => Number(process.env[name] ?? value);

/** @returns how each speaker's voice sounds; none for a recording in which nobody is heard */
export function voicesOf(heard: Heard, hints: SpeakerHints): Vector[] {
  const items = thinned(momentsOf(heard));
  if (items.length === 0) return [];
  const [least, most] = limitsOf(hints, items.length);
  const { atDistances, atCount } = agglomerate(items, [env('D', 0.7)], least);
  const clusters = (atDistances[0] ?? []).toSorted((a, b) => b.length - a.length);
  const enough = Math.min(env('M', 4), Math.max(2, Math.round(items.length / env('Q', 15))));
  const several = clusters.filter(({ length }) => length >= enough).length;
  const count = Math.min(most, Math.max(least, several, 1));
  const taken = clusters.length >= count ? clusters.slice(0, count) : (atCount ?? []);
  let voices = taken.map((cluster) => meanOf(cluster, items));
  for (let i = 0; i < env('R', 2); i++) voices = refined(voices, items);
  return voices;
}

function refined(voices: Vector[], items: readonly Item[]): Vector[] {
  const directions = voices.map(unit);
  const members = voices.map((): number[] => []);
  items.forEach(({ voice }, index) => {
    const own = unit(voice);
    const near = directions.map((d) => dot(d, own));
    const best = indexOfLargest(near);
    if ((near[best] ?? 0) > env('T', 0.3)) members[best]?.push(index);
  });
  return voices.map((voice, k) => ((members[k]?.length ?? 0) > 0 ? meanOf(members[k] ?? [], items) : voice));
}

function meanOf(cluster: readonly number[], items: readonly Item[]): Vector {
  const sum = new Float64Array(EMBEDDING_WIDTH);
  for (const item of cluster) addScaled(sum, env('U', 0) ? unit(items[item]?.voice ?? sum) : (items[item]?.voice ?? sum), 1 / cluster.length);
  return sum;
}

function limitsOf({ count, least = 1, most }: SpeakerHints, items: number): [number, number] {
  const largest = Math.min(count ?? most ?? items, items);
  return [Math.min(count ?? least, largest), largest];
}

function momentsOf({ moments, slots }: Heard): Item[] {
  return Array.from({ length: slots * LOCAL_SPEAKERS }, (_, row) => {
    const voice = voiceAt(moments, row);
    return voice === null ? [] : [{ voice, chunk: Math.floor(row / LOCAL_SPEAKERS) }];
  }).flat();
}

/** A row of `HeardPiece`, or null: not heard. */
export function voiceAt(voices: Float32Array, row: number): Vector | null {
  const voice = Float64Array.from(voices.subarray(row * EMBEDDING_WIDTH, (row + 1) * EMBEDDING_WIDTH));
  return voice.some((value) => value !== 0) ? voice : null;
}

const MOST_ITEMS = 4000;
function thinned(items: Item[]): Item[] {
  const every = Math.ceil(items.length / MOST_ITEMS);
  return items.filter(({ chunk }) => chunk % every === 0);
}
