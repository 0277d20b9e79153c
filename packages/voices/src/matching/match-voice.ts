import { type MatchedVoice, type MatchStep, SottoError, type VoiceMix } from '@sotto/contracts';
import type { SpeechEngine } from '../engine.ts';
import { candidatesOf, nextGeneration, type Scored, type SearchState, startSearch } from './cma-es.ts';
import { mixAt, type VoiceSpace } from './voice-space.ts';

/** An engine whose voices are tables of numbers, so that sums of them are voices too. */
export interface MatchingEngine extends Pick<SpeechEngine, 'name' | 'sampleRateHz' | 'voices' | 'speak'> {
  space(directions: number): Promise<VoiceSpace>;
  /** Has these voices loaded from now on, `CANDIDATES` at most. */
  prepare(mixes: ReadonlyMap<string, VoiceMix>): Promise<void>;
}

export interface MatchVoiceOptions {
  engine: MatchingEngine;
  /** Of the target with what was spoken: the cosine of their embeddings. */
  similarity(samples: Int16Array): Promise<number>;
  generations: number;
  seed: number;
  /** What has been done before, by whomever; from index 0 on. */
  steps: readonly MatchStep[];
  /** Called after each step; what it stores is found in `steps` when this begins again. */
  store(step: MatchStep): Promise<void>;
  /** Resolves when the next sentence may be spoken. */
  giveWay(): Promise<void>;
  signal: AbortSignal;
}

/** Two at least: what is fitted to one sentence is like the target in that sentence only. From the Harvard sentences (IEEE, 1969). */
const SENTENCES = [
  'The birch canoe slid on the smooth planks, and the glue held the sheet to the dark blue background.',
  'Rice is often served in round bowls, while the juice of lemons makes fine punch.',
] as const;
/** What each of the engine's voices says, so that the nearest is found: short, since there are many. */
const FIRST = 'The birch canoe slid on the smooth planks.';
/** What the result is measured with. */
const UNSEEN = 'Four hours of steady work faced us, and a large size in stockings is hard to sell.';
const LANGUAGE = 'en-us';

const DIRECTIONS = 16;
/** In standard deviations of the engine's voices; three of them, and nothing that speaks is left. */
const FIRST_SIGMA = 0.7;
/** Of a generation: as many as Kokoro has places for. */
export const CANDIDATES = 10;
/** Voices that are heard in one step: about what a generation takes. */
const HEARD_TOGETHER = 16;
/** Of what cannot be spoken with. */
const NOTHING_ALIKE = -1;

/** Steps in all. */
export const matchSteps = (engine: Pick<SpeechEngine, 'voices'>, generations: number): number =>
  heardSteps(engine) + generations;

const heardSteps = (engine: Pick<SpeechEngine, 'voices'>): number => Math.ceil(engine.voices().length / HEARD_TOGETHER);

/** What is spoken in all, in characters: what a search costs. @param voices that the engine has */
export function matchCharacters(voices: number, generations: number): number {
  const [first, second] = SENTENCES.map(({ length }) => length) as [number, number];
  return voices * FIRST.length + generations * CANDIDATES * (first + second) + 2 * UNSEEN.length;
}

/**
 * Finds the sum of an engine's voices that sounds most like a target: from the nearest of them, along the directions in which they
 * differ most. It takes minutes, in steps that are not done twice; the same target and seed have the same result.
 *
 * @throws SottoError `speech_failed`; the signal's reason
 */
export async function matchVoice(options: MatchVoiceOptions): Promise<Omit<MatchedVoice, 'language'>> {
  const { engine } = options;
  const steps = new Map(options.steps.map((step) => [step.index, step]));
  const heard = await hearVoices(options, steps);
  const start = nearestOf(heard);
  const space = await engine.space(DIRECTIONS);
  const first = heardSteps(engine);
  let state = startSearch(
    space.directions.map(() => 0),
    FIRST_SIGMA,
  );
  for (let generation = 0; generation < options.generations; generation++) {
    const index = first + generation;
    const known = steps.get(index)?.search;
    if (known === undefined) {
      const scored = await scoresOf(candidatesOf(state, CANDIDATES, options.seed), state, { space, start }, options);
      state = nextGeneration(state, scored);
      await options.store({ index, search: state });
    } else state = known;
  }
  return resultOf(state, { space, start }, options);
}

async function hearVoices(
  options: MatchVoiceOptions,
  steps: ReadonlyMap<number, MatchStep>,
): Promise<Record<string, number>> {
  const voices = options.engine.voices().map(({ id }) => id);
  const all: Record<string, number> = {};
  for (let index = 0; index < heardSteps(options.engine); index++) {
    let heard = steps.get(index)?.heard;
    if (heard === undefined) {
      heard = {};
      for (const voice of voices.slice(index * HEARD_TOGETHER, (index + 1) * HEARD_TOGETHER)) {
        heard[voice] = await similarityOf({ voice }, [FIRST], options);
      }
      await options.store({ index, heard });
    }
    Object.assign(all, heard);
  }
  return all;
}

function nearestOf(heard: Readonly<Record<string, number>>): string {
  const [nearest] = Object.entries(heard).sort(([, a], [, b]) => b - a);
  if (nearest === undefined || nearest[1] === NOTHING_ALIKE) {
    throw new SottoError('speech_failed', 'None of the voices of the engine could be heard.');
  }
  return nearest[0];
}

interface From {
  space: VoiceSpace;
  start: string;
}

async function scoresOf(
  candidates: readonly number[][],
  { generation }: SearchState,
  { space, start }: From,
  options: MatchVoiceOptions,
): Promise<Scored[]> {
  const mixes = candidates.map(
    (candidate, i) => [`candidate-${generation}-${i}`, mixAt(space, start, candidate)] as const,
  );
  await options.engine.prepare(new Map(mixes));
  const scored: Scored[] = [];
  for (const [i, [voice, mix]] of mixes.entries()) {
    scored.push({ candidate: candidates[i] ?? [], score: await similarityOf({ voice, mix }, SENTENCES, options) });
  }
  return scored;
}

/** The mean over the sentences. What cannot be spoken with is like nothing; the search goes on elsewhere. */
async function similarityOf(
  voice: { voice: string; mix?: VoiceMix },
  sentences: readonly string[],
  { engine, similarity, giveWay, signal }: MatchVoiceOptions,
): Promise<number> {
  let sum = 0;
  for (const text of sentences) {
    await giveWay();
    signal.throwIfAborted();
    try {
      const samples = await engine.speak({ ...voice, text, language: LANGUAGE, speed: 1 }, signal);
      if (samples.length < engine.sampleRateHz) return NOTHING_ALIKE;
      sum += await similarity(samples);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SottoError && error.code === 'speech_failed')) throw error;
      return NOTHING_ALIKE;
    }
  }
  return sum / sentences.length;
}

/** On a sentence that nothing was fitted to. What turned out less alike than where it began is not taken. */
async function resultOf(
  { mean }: SearchState,
  { space, start }: From,
  options: MatchVoiceOptions,
): Promise<Omit<MatchedVoice, 'language'>> {
  const own = mixAt(space, start, mean);
  const matched = { voice: 'matched', mix: own };
  await options.engine.prepare(new Map([[matched.voice, own]]));
  const found = await similarityOf(matched, [UNSEEN], options);
  const nearest = { voice: start, similarity: await similarityOf({ voice: start }, [UNSEEN], options) };
  const isBetter = found > nearest.similarity;
  const mix = isBetter ? own : [{ voice: start, share: 1 }];
  return { engine: options.engine.name, mix, similarity: isBetter ? found : nearest.similarity, nearest };
}
