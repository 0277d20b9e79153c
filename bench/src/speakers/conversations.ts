import type { NamedTurn } from '@sotto/speakers';

const SAMPLE_RATE = 16_000;

/** A reader's words, cut out of a recording in which nobody else speaks meanwhile. */
export interface Utterance {
  speaker: string;
  samples: Int16Array;
  /** When it sounds, in seconds from its start. */
  spoken: { start: number; end: number }[];
}

export interface Conversation {
  name: string;
  samples: Int16Array;
  truth: (NamedTurn & { speaker: string })[];
}

const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 12;
/** Pauses up to this long are inside of an utterance. */
const INNER_PAUSE_SECONDS = 0.8;
const MARGIN_SECONDS = 0.1;

/** What can be cut out of a recording: stretches of one speaker, with silence or itself on either side. */
export function utterancesOf(samples: Int16Array, truth: readonly (NamedTurn & { speaker: string })[]): Utterance[] {
  const groups: (NamedTurn & { speaker: string })[][] = [];
  for (const turn of truth.toSorted((a, b) => a.start - b.start)) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const goesOn =
      group !== undefined &&
      last !== undefined &&
      last.speaker === turn.speaker &&
      turn.start - last.end < INNER_PAUSE_SECONDS &&
      turn.end - (group[0]?.start ?? 0) < LONGEST_SECONDS;
    if (goesOn) group.push(turn);
    else groups.push([turn]);
  }
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return [];
    const [start, end] = [Math.max(0, first.start - MARGIN_SECONDS), last.end + MARGIN_SECONDS];
    const disturbed = truth.some((other) => !group.includes(other) && other.start < end && other.end > start);
    if (disturbed || last.end - first.start < SHORTEST_SECONDS) return [];
    return {
      speaker: first.speaker,
      samples: samples.slice(Math.round(start * SAMPLE_RATE), Math.round(end * SAMPLE_RATE)),
      spoken: group.map((turn) => ({ start: turn.start - start, end: turn.end - start })),
    };
  });
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const OVERLAP_SHARE = 0.2;
const LONGEST_OVERLAP_SECONDS = 1.5;
const LONGEST_PAUSE_SECONDS = 1.2;
/** Every fourth conversation has noise, so many dB below its speech. */
const NOISE_EVERY = 4;
const NOISE_DB = 18;

/**
 * A conversation of so many of the readers: turns of 1-12 s in random order, pauses, some overlap.
 * @throws RangeError where there are fewer readers
 */
export function conversation(
  utterances: readonly Utterance[],
  speakers: number,
  seed: number,
  seconds: number,
): Conversation {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const readers = new Set(utterances.map(({ speaker }) => speaker));
  if (readers.size < speakers) throw new RangeError(`${readers.size} readers cannot be ${speakers}`);
  const taking = [...readers].map((speaker) => ({ speaker, rank: random() })).toSorted((a, b) => a.rank - b.rank);
  const present = taking.slice(0, speakers).map(({ speaker }) => ({ speaker, gain: 10 ** ((random() * 6 - 3) / 20) }));
  const mixed = new Float64Array(seconds * SAMPLE_RATE);
  const truth: Conversation['truth'] = [];
  let [end, last, turn] = [0.3, '', 0];
  for (;;) {
    // Everybody says something before anybody is drawn.
    const others = present.filter(({ speaker }) => speaker !== last || speakers === 1);
    const { speaker, gain } = present[turn] ?? pick(others);
    const utterance = pick(utterances.filter((each) => each.speaker === speaker));
    const overlaps = turn > 0 && speaker !== last && random() < OVERLAP_SHARE;
    const start = Math.max(
      0,
      end + (overlaps ? -random() * LONGEST_OVERLAP_SECONDS : random() * LONGEST_PAUSE_SECONDS),
    );
    const first = Math.round(start * SAMPLE_RATE);
    if (first + utterance.samples.length > mixed.length) break;
    utterance.samples.forEach((sample, i) => {
      mixed[first + i] = (mixed[first + i] ?? 0) + sample * gain;
    });
    for (const { start: from, end: to } of utterance.spoken)
      truth.push({ start: start + from, end: start + to, speaker });
    end = Math.max(end, (first + utterance.samples.length) / SAMPLE_RATE);
    last = speaker;
    turn++;
  }
  if (seed % NOISE_EVERY === 0) addNoise(mixed, random);
  const samples = Int16Array.from(mixed, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
  return { name: `${speakers} speakers, seed ${seed}`, samples, truth };
}

function addNoise(mixed: Float64Array, random: () => number): void {
  const power = mixed.reduce((sum, value) => sum + value * value, 0) / mixed.length;
  const spread = Math.sqrt(power * 10 ** (-NOISE_DB / 10) * 12);
  for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] ?? 0) + (random() - 0.5) * spread;
}
