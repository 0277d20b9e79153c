import { describe, expect, it } from '@jest/globals';
import { type MatchStep, SottoError, type VoiceMix } from '@sotto/contracts';
import { CANDIDATES, type MatchingEngine, matchSteps, matchVoice } from './match-voice.ts';
import { voiceSpace } from './voice-space.ts';

/** Voices are points in a plane, and what is spoken is where: the arithmetic of a search, without sound. */
const POINTS: Record<string, [number, number]> = { a: [1, 0], b: [0, 1], c: [-1, 0], d: [0, -1] };
const VOICES = Object.keys(POINTS);
const TARGET: [number, number] = [0.8, 0.6];
const RATE = 1000;

const pointOf = (mix: VoiceMix): [number, number] =>
  mix.reduce<[number, number]>(
    ([x, y], { voice, share }) => {
      const [px = 0, py = 0] = POINTS[voice] ?? [];
      return [x + share * px, y + share * py];
    },
    [0, 0],
  );

function engineOf(spoken: string[]): MatchingEngine {
  const common = {
    name: '',
    languages: ['en-us'],
    gender: null,
    quality: 'medium',
    kind: 'stock',
    licence: '',
  } as const;
  return {
    name: 'plane',
    sampleRateHz: RATE,
    voices: () => VOICES.map((id) => ({ id, ...common })),
    space: (count) => voiceSpace(Float32Array.from(Object.values(POINTS).flat()), VOICES, count),
    prepare: async (mixes) => {
      if (mixes.size > CANDIDATES) throw new Error('there are not so many places');
    },
    speak: async ({ voice, mix = [{ voice, share: 1 }] }) => {
      spoken.push(voice);
      const [x, y] = pointOf(mix);
      if (Math.hypot(x, y) > 4) throw new SottoError('speech_failed', 'That is no voice any more.');
      return new Int16Array(RATE).fill(Math.round(x * 1000), 0, 1).fill(Math.round(y * 1000), 1, 2);
    },
  };
}

const likeTarget = async ([x = 0, y = 0]: Int16Array) => {
  const length = Math.hypot(x, y);
  return length === 0 ? 0 : (x * TARGET[0] + y * TARGET[1]) / length;
};

async function match(known: MatchStep[] = [], stopAfter = Number.POSITIVE_INFINITY) {
  const spoken: string[] = [];
  const steps = [...known];
  const engine = engineOf(spoken);
  const options = { engine, generations: 12, seed: 3, giveWay: async () => {}, signal: new AbortController().signal };
  const store = async (step: MatchStep) => {
    steps.push(JSON.parse(JSON.stringify(step)));
    if (steps.length >= stopAfter) throw new Error('killed');
  };
  const result = await matchVoice({ ...options, steps: known, similarity: likeTarget, store }).catch(() => null);
  return { result, steps, spoken };
}

describe('matchVoice', () => {
  it('goes from the nearest voice to one that is more alike', async () => {
    const { result, steps } = await match();
    expect(result?.nearest).toEqual({ voice: 'a', similarity: 0.8 });
    expect(result?.similarity).toBeGreaterThan(0.98);
    expect(steps.map(({ index }) => index)).toEqual(Array.from({ length: matchSteps(engineOf([]), 12) }, (_, i) => i));
  });

  it('goes on where somebody was killed, to the same voice, and says nothing twice', async () => {
    const whole = await match();
    const first = await match([], 5);
    expect(first.result).toBeNull();
    const rest = await match(first.steps);
    expect(rest.result).toEqual(whole.result);
    expect(first.spoken.length + rest.spoken.length).toBe(whole.spoken.length);
  });

  it('never ends with less than it began with', async () => {
    const { result } = await match();
    expect(result?.similarity).toBeGreaterThanOrEqual(result?.nearest.similarity ?? 1);
  });
});
