import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { concat, noise, pause, seededRandom, temporaryFolder } from '@sotto/testkit';
import { SPEECH_STEP_SAMPLES, type SpeechListener, SpeechNetwork } from '../src/index.ts';
import { readSileroWeights } from '../src/silero/silero-weights.ts';
import { nanoPhrases, packed } from './engine-fixtures.ts';
import { plainProbabilities } from './plain-silero.ts';

const require = createRequire(import.meta.url);
const MODEL = require.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx');

let samples: Int16Array;
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder('speech-network');
  samples = concat(packed(await nanoPhrases(4, 31), 400), noise(1000, 6000, 5), pause(500));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** @param pieceSamples how many samples come at once */
function heard(listener: SpeechListener, pcm: Int16Array, pieceSamples: () => number): number[] {
  const probabilities: number[] = [];
  for (let at = 0; at < pcm.length; ) {
    const end = at + pieceSamples();
    probabilities.push(...listener.accept(pcm.subarray(at, end)));
    at = end;
  }
  return [...probabilities, ...listener.finish()];
}

const atOnce = (listener: SpeechListener, pcm: Int16Array) => heard(listener, pcm, () => pcm.length);

describe.each(['auto', 'portable'] as const)('the speech network, %s kernels', (kernels) => {
  let network: SpeechNetwork;

  beforeAll(() => {
    network = SpeechNetwork.load(MODEL, kernels);
  });

  it('computes what its graph says', () => {
    const expected = plainProbabilities(readSileroWeights(readFileSync(MODEL)), samples);
    const probabilities = atOnce(network.newListener(), samples);
    expect(probabilities).toHaveLength(expected.length);
    const errors = probabilities.map((probability, i) => Math.abs(probability - (expected[i] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThan(2e-5);
    expect(Math.max(...expected)).toBeGreaterThan(0.9);
    expect(Math.min(...expected)).toBeLessThan(0.1);
  });

  it('says at once what can be told, where it is asked to', () => {
    const whole = atOnce(network.newListener(), samples);
    const listener = network.newListener();
    const told: number[] = [];
    for (let at = 0; at + 1_600 <= samples.length; at += 1_600) {
      told.push(...listener.accept(samples.subarray(at, at + 1_600), true));
      expect(told.length).toBe(Math.floor((at + 1_600 - 64) / SPEECH_STEP_SAMPLES));
    }
    expect(told).toEqual(whole.slice(0, told.length));
  });

  it('says the same however the samples come', () => {
    const whole = atOnce(network.newListener(), samples);
    const random = seededRandom(3);
    for (const longest of [1, 700, 20_000]) {
      const part = longest === 1 ? samples.subarray(0, 30_000) : samples;
      const pieces = heard(network.newListener(), part, () => 1 + Math.floor(random() * longest));
      const steps = Math.floor(part.length / SPEECH_STEP_SAMPLES);
      // The last step of a part hears silence ahead.
      expect(pieces.slice(0, steps - 1)).toEqual(whole.slice(0, steps - 1));
    }
  });

  it('keeps recordings apart, and begins anew after each', () => {
    const parts = [samples.subarray(5000), samples.subarray(30_000), samples];
    const alone = parts.map((part) => atOnce(network.newListener(), part));
    const together = parts.map((part) => ({ part, listener: network.newListener(), probabilities: [] as number[] }));
    for (let at = 0; at < samples.length; at += 3000) {
      for (const { part, listener, probabilities } of together) {
        probabilities.push(...listener.accept(part.subarray(at, at + 3000)));
      }
    }
    const ended = together.map(({ listener, probabilities }) => [...probabilities, ...listener.finish()]);
    expect(ended).toEqual(alone);
    const again = together[0]?.listener ?? network.newListener();
    for (const i of [2, 1, 0]) expect(atOnce(again, parts[i] ?? samples)).toEqual(alone[i]);
  });

  it('has nothing to say of less than a step, and something of each whole one', () => {
    const block = 24 * SPEECH_STEP_SAMPLES;
    for (const length of [
      0,
      1,
      511,
      512,
      575,
      576,
      1023,
      1024,
      block - 1,
      block,
      block + 63,
      block + 64,
      block + 512,
    ]) {
      const probabilities = atOnce(network.newListener(), samples.subarray(0, length));
      expect({ length, steps: probabilities.length }).toEqual({ length, steps: Math.floor(length / 512) });
      for (const probability of probabilities) expect(probability >= 0 && probability <= 1).toBe(true);
    }
  });

  it('stays a number at full scale', () => {
    const loud = noise(3000, 32_767, 8).map((value) => (value < 0 ? -32_768 : 32_767));
    for (const probability of atOnce(network.newListener(), loud)) expect(Number.isFinite(probability)).toBe(true);
  });
});

describe('a file that is not the network', () => {
  it('is refused with what is wrong with it', async () => {
    const model = readFileSync(MODEL);
    const path = join(folder, 'wrong.onnx');
    const legacy = MODEL.replace('v6', 'legacy');
    const at = model.indexOf(readBasis(model));
    const otherBasis = Buffer.from(model);
    otherBasis.writeFloatLE(3, at + 4 * 300);
    for (const [bytes, message] of [
      [model.subarray(0, 1_000_000), /bytes are claimed where/],
      [Buffer.from('RIFF....WAVE'), /cannot be read as Silero/],
      [Buffer.alloc(0), /no branch for 16 kHz/],
      [readFileSync(legacy), /cannot be read as Silero/],
      [otherBasis, /no windowed Fourier transform/],
    ] as const) {
      await writeFile(path, bytes);
      expect(() => SpeechNetwork.load(path)).toThrow(message);
    }
    expect(() => SpeechNetwork.load(join(folder, 'none.onnx'))).toThrow(/ENOENT/);
  });
});

/** The bytes of the first tensor that is checked by its values. */
function readBasis(model: Buffer): Buffer {
  return Buffer.from(readSileroWeights(model)['stft.forward_basis_buffer'].buffer);
}
