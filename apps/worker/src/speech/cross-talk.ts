import type { Span } from '@sotto/contracts';
import { LEVEL_MS, levelAt, levelsOf, quantile } from './levels.ts';

/** Somebody speaks where a channel is this near to its loudest, and louder than any silence. */
const LOUD_RANGE_DB = 25;
const LEAST_LOUD_DB = -55;
const LOUDEST_SHARE = 0.95;
/** An echo is so much later than what it is an echo of. */
const LONGEST_DELAY_MS = 200;
const DELAY_STEP_MS = 20;
/** An echo is always about as much softer: where this part of all differences is no wider, they are an echo's. */
const LEAK_SHARES = { low: 0.1, typical: 0.25, high: 0.4 };
const STEADY_DB = 3;
/** A second of speech, spread over at most ten minutes, tells how much softer. */
const LEAST_LEVELS = 10;
const MOST_LEVELS = 6_000;
/** So much louder than the echo ever is, it is somebody. */
const ABOVE_LEAK_DB = 2;
/** An echo is at least so much softer. */
const LEAST_SOFTER_DB = 6;
/** Levels on both sides that decide with one: alone it says little. */
const NEAR_LEVELS = 2;
/** Two channels with the same sound, but for what a codec makes of it. */
const ALIKE_DB = 3;
const ALIKE_SHARE = 0.9;

/** The loudness of a channel over time. */
interface Loudness {
  /** Mean squares of 10 ms frames. */
  frames: Float32Array;
  levels: Float32Array;
  /** From this level on, somebody speaks. */
  speechDb: number;
}

function loudnessOf(frames: Float32Array): Loudness {
  const levels = levelsOf(frames);
  return {
    frames,
    levels,
    speechDb: Math.max(LEAST_LOUD_DB, quantile(levels.toSorted(), LOUDEST_SHARE) - LOUD_RANGE_DB),
  };
}

/**
 * For each channel, an earlier one with the same sound; null: there is none.
 * @param channels mean squares of their 10 ms frames (see EnergyProfile), all as many
 */
export function alikeChannels(channels: readonly Float32Array[]): (number | null)[] {
  const all = channels.map(loudnessOf);
  const alike: (number | null)[] = [];
  for (const [index, one] of all.entries()) {
    const before = all.findIndex((other, at) => at < index && alike[at] === null && areAlike(other, one));
    alike.push(before < 0 ? null : before);
  }
  return alike;
}

function areAlike(a: Loudness, b: Loudness): boolean {
  let [loud, same] = [0, 0];
  for (const [at, levelA] of a.levels.entries()) {
    const levelB = b.levels[at] as number;
    if (levelA < a.speechDb && levelB < b.speechDb) continue;
    loud++;
    if (Math.abs(levelA - levelB) <= ALIKE_DB) same++;
  }
  return loud > 0 && same >= loud * ALIKE_SHARE;
}

/**
 * Where a channel has nothing but the echo of another, by energy: where it is as much softer than the other as it always is
 * while somebody speaks only there. Channels that are well apart have no such echo, however softly somebody speaks in one.
 *
 * @param channels mean squares of their 10 ms frames (see EnergyProfile), all as many
 */
export function echoesIn(channels: readonly Float32Array[]): Span[][] {
  const all = channels.map(loudnessOf);
  return all.map((own) => {
    const marks = new Uint8Array(own.levels.length);
    for (const other of all) if (other !== own) markEcho(marks, own, other);
    return spansOf(settled(marks));
  });
}

/** Marks each level of a channel that is an echo of another one. */
function markEcho(marks: Uint8Array, own: Loudness, other: Loudness): void {
  const { leakDb, spreadDb } = leakOf(own, other);
  // It rises and falls by itself.
  if (spreadDb > STEADY_DB) return;
  const limitDb = Math.min(-LEAST_SOFTER_DB, leakDb + spreadDb + ABOVE_LEAK_DB);
  for (const [at, level] of own.levels.entries()) {
    let heardDb = other.levels[at] as number;
    for (let ago = 1; ago <= LONGEST_DELAY_MS / LEVEL_MS; ago++) {
      heardDb = Math.max(heardDb, other.levels[at - ago] ?? Number.NEGATIVE_INFINITY);
    }
    if (heardDb >= other.speechDb && level - heardDb <= limitDb) marks[at] = 1;
  }
}

/** By how much a channel is softer than another, where it is, at the delay at which this is steadiest; and how steady it is. */
function leakOf(own: Loudness, other: Loudness): { leakDb: number; spreadDb: number } {
  let steadiest = { leakDb: 0, spreadDb: Number.POSITIVE_INFINITY };
  const step = Math.ceil(own.levels.length / MOST_LEVELS);
  for (let delayMs = 0; delayMs <= LONGEST_DELAY_MS; delayMs += DELAY_STEP_MS) {
    const softer: number[] = [];
    for (let at = 0; at < own.levels.length; at += step) {
      const heardDb = levelAt(other.frames, at, delayMs);
      const byDb = (own.levels[at] as number) - heardDb;
      if (heardDb >= other.speechDb && byDb < 0) softer.push(byDb);
    }
    if (softer.length < LEAST_LEVELS) continue;
    softer.sort((a, b) => a - b);
    const spreadDb = quantile(softer, LEAK_SHARES.high) - quantile(softer, LEAK_SHARES.low);
    if (spreadDb < steadiest.spreadDb) steadiest = { leakDb: quantile(softer, LEAK_SHARES.typical), spreadDb };
  }
  return steadiest;
}

/** What most levels around each say; somebody speaks where they are divided. */
function settled(marks: Uint8Array): boolean[] {
  return Array.from(marks, (_, at) => {
    const near = marks.subarray(Math.max(0, at - NEAR_LEVELS), at + NEAR_LEVELS + 1);
    return 2 * near.reduce((sum, mark) => sum + mark, 0) > near.length;
  });
}

function spansOf(marks: readonly boolean[]): Span[] {
  const spans: Span[] = [];
  for (const [at, isMarked] of marks.entries()) {
    if (!isMarked) continue;
    const last = spans.at(-1);
    if (last?.endMs === at * LEVEL_MS) last.endMs += LEVEL_MS;
    else spans.push({ startMs: at * LEVEL_MS, endMs: (at + 1) * LEVEL_MS });
  }
  return spans;
}
