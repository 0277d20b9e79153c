import { CHUNK_FRAMES, CHUNK_SAMPLES, EMBEDDING_WIDTH, LOCAL_SPEAKERS, SAMPLE_RATE } from '../geometry.ts';
import type { Heard } from '../hear/heard.ts';
import { chunkActivity, localMasks } from '../hear/local-activity.ts';
import type { Plda } from '../networks.ts';
import { addScaled, indexOfLargest, mean, median, type Vector } from '../vectors.ts';
import { agglomerate, type Item } from './agglomerate.ts';
import { centroids, type Labels, labelsOf, membersOf } from './labels.ts';
import { toPldaSpace } from './plda.ts';
import { splitPairs } from './split-pairs.ts';
import { vbx } from './vbx.ts';

export interface SpeakerHints {
  /** How many there are; `least` and `most` are not looked at. */
  count?: number;
  least?: number;
  most?: number;
}

/** Alone for so much of a chunk, a local speaker is heard well enough to say who there is. */
const SHARE_ALONE = 0.2;
/** Where the agglomeration that VBx begins with ends, and those that vote on the number. */
const SEED_DISTANCE = 0.4;
const VOTING_DISTANCES = [0.55, 0.6];
/** The first is pyannote's own. */
const EVIDENCE = [0.07, 0.05, 0.1];
const VOICE_COST = 0.8;
/** More are thinned out evenly: an hour of them says who there is as well as five. */
const MOST_ITEMS = 4000;

/** @returns the centroid of each speaker's voice; none for a recording in which nobody is heard */
export function voicesOf(heard: Heard, plda: Plda, hints: SpeakerHints): Vector[] {
  const { items, stepSeconds } = thinned(itemsOf(heard), heard.stepSamples / SAMPLE_RATE);
  if (items.length === 0) return [];
  const { least, most } = limitsOf(hints, items.length);
  if (items.length === 1 || most === 1) return [mean(items.map(({ voice }) => voice))];
  const found = candidates(items, plda, stepSeconds);
  const count = Math.min(most, Math.max(least, Math.floor(median(found.map((voices) => voices.length)))));
  const fitting = found.find((voices) => voices.length === count);
  return fitting ?? centroidsOf(items, agglomerate(items, [], count).atCount ?? []);
}

function limitsOf({ count, least = 1, most }: SpeakerHints, items: number): { least: number; most: number } {
  const largest = Math.min(count ?? most ?? items, items);
  return { least: Math.min(count ?? least, largest), most: largest };
}

function itemsOf(heard: Heard): Item[] {
  const all = localVoices(heard);
  const enough = SHARE_ALONE * CHUNK_FRAMES * Math.min(1, heard.samples / CHUNK_SAMPLES);
  const clear = all.filter(({ aloneFrames }) => aloneFrames >= enough);
  if (clear.length > 0) return clear;
  const longest = Math.max(...all.map(({ aloneFrames }) => aloneFrames));
  return all.filter(({ aloneFrames }) => aloneFrames === longest);
}

function localVoices({ activity, voices, chunks }: Heard): (Item & { aloneFrames: number })[] {
  return Array.from({ length: chunks }, (_, chunk) =>
    localMasks(chunkActivity(activity, chunk)).flatMap(({ aloneFrames }, speaker) => {
      const voice = voiceAt(voices, chunk * LOCAL_SPEAKERS + speaker);
      return voice === null ? [] : [{ voice, chunk, aloneFrames }];
    }),
  ).flat();
}

/** A row of `HeardPiece`, or null: not heard. */
export function voiceAt(voices: Float32Array, row: number): Vector | null {
  const voice = Float64Array.from(voices.subarray(row * EMBEDDING_WIDTH, (row + 1) * EMBEDDING_WIDTH));
  return voice.some((value) => value !== 0) ? voice : null;
}

function thinned(items: Item[], stepSeconds: number): { items: Item[]; stepSeconds: number } {
  const every = Math.ceil(items.length / MOST_ITEMS);
  return { items: items.filter(({ chunk }) => chunk % every === 0), stepSeconds: stepSeconds * every };
}

/** What several settings make of the recording: they vote on the number of speakers. */
function candidates(items: readonly Item[], plda: Plda, stepSeconds: number): Vector[][] {
  const [seed = [], ...cuts] = agglomerate(items, [SEED_DISTANCE, ...VOTING_DISTANCES]).atDistances;
  const inPldaSpace = items.map(({ voice }) => toPldaSpace(voice, plda));
  const mixtures = EVIDENCE.map((evidence) => {
    // At longer steps fewer items overlap; short recordings have little evidence.
    const fa = evidence * stepSeconds ** 0.7 * (1 + 20 / (items.length * stepSeconds));
    const shares = vbx(inPldaSpace, plda.psi, labelsOf(seed, items.length), { fa, fb: VOICE_COST });
    const labels = gapless(items.map((_, item) => indexOfLargest(shares.map((own) => own[item] ?? 0))));
    const split = splitPairs(labels, items, stepSeconds);
    return split.length > Math.max(...labels) + 1
      ? centroidsOf(items, split)
      : shares.map((own) => weightedMean(items, own));
  });
  return [...mixtures, ...cuts.map((clusters) => centroidsOf(items, repeated(clusters)))];
}

/** Single items are not voices, unless there is nothing else. */
function repeated(clusters: readonly number[][]): number[][] {
  const several = clusters.filter(({ length }) => length > 1);
  return several.length > 0 ? several : clusters.slice(0, 1);
}

function gapless(labels: Labels): Labels {
  return labelsOf(membersOf(labels), labels.length);
}

const centroidsOf = (items: readonly Item[], clusters: readonly (readonly number[])[]): Vector[] =>
  centroids(clusters, items.map(({ voice }) => voice));

function weightedMean(items: readonly Item[], shares: Vector): Vector {
  const sum = new Float64Array(EMBEDDING_WIDTH);
  const total = shares.reduce((all, share) => all + share, 0);
  items.forEach(({ voice }, index) => {
    addScaled(sum, voice, (shares[index] ?? 0) / total);
  });
  return sum;
}
