/** The speaker model as its package ships it: what our kernels make of it, and what onnxruntime does. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeWith } from '@sotto/testkit';
import { readOrtTensors } from '../src/speakers/ort-tensors.ts';
import { SpeakerNetworks } from '../src/speakers/speaker-networks.ts';
import { temporaryFolder } from './models-fixtures.ts';
import { speakerModel } from './speaker-fixtures.ts';

const FRAMES = 589;
const CLASSES = 7;

/** 10 s of something like a voice, with silence in between. */
function hum(): Int16Array {
  return Int16Array.from({ length: 160_000 }, (_, i) => {
    const t = i / 16_000;
    let sum = 0;
    for (let h = 1; h <= 20; h++) sum += Math.sin(2 * Math.PI * 120 * h * t + h * Math.sin(4 * Math.PI * t)) / h;
    return Math.floor(sum * Math.max(0, Math.sin(0.8 * Math.PI * t)) * 3000 + 0.5);
  });
}

function classesOf(probabilities: Float32Array): number[] {
  return Array.from({ length: FRAMES }, (_, frame) => {
    const own = [...probabilities.subarray(frame * CLASSES, (frame + 1) * CLASSES)];
    expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    return own.indexOf(Math.max(...own));
  });
}

const length = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

describeWith(await speakerModel(), 'the speaker model', (path) => {
  // The figures are onnxruntime's, of the same files and samples.
  it.each(['auto', 'portable'] as const)('says what onnxruntime makes of it, %s kernels', async (kernels) => {
    const networks = SpeakerNetworks.load(path, kernels);
    const pcm = hum();
    const classes = classesOf(await networks.segment(pcm, 16_000, 1));
    expect(classes.filter((each) => each === 2)).toHaveLength(420);
    expect(classes.filter((each) => each === 0)).toHaveLength(FRAMES - 420);
    expect(classes.lastIndexOf(2)).toBe(514);

    const features = await networks.features(pcm);
    expect(features).toHaveLength(998 * 80);
    expect([...features.subarray(8000, 8004)].map((value) => value.toFixed(2))).toEqual([
      '12.40',
      '14.13',
      '17.42',
      '18.03',
    ]);
    const sums = new Float64Array(80);
    features.forEach((value, i) => {
      sums[i % 80] = (sums[i % 80] ?? 0) + value / 998;
    });
    const frames = await networks.trunk(features.map((value, i) => value - (sums[i % 80] ?? 0)));
    expect(frames).toHaveLength(125 * 2560);
    const voice = await networks.embed(frames, new Float32Array(125).fill(1));
    [0.09776, 0.04401, 0.02294, 0.03146, -0.0153, 0.13622].forEach((value, i) => {
      expect(voice[i]).toBeCloseTo(value, 2);
    });
    expect(length(voice)).toBeCloseTo(1.2646, 2);
  });

  it('gives a chunk the same result wherever it is computed, to the last bit', async () => {
    const networks = SpeakerNetworks.load(path);
    const pcm = hum();
    const together = await networks.segment(pcm, 16_640, 14);
    const alone = await networks.segment(pcm.subarray(3 * 16_640), 16_640, 1);
    const one = FRAMES * CLASSES;
    expect(alone).toEqual(together.subarray(3 * one, 4 * one));
  });

  it('refuses steps and counts that mean nothing', async () => {
    const networks = SpeakerNetworks.load(path);
    await expect(networks.segment(hum(), 16_005, 2)).rejects.toThrow(RangeError);
    await expect(networks.segment(hum(), 16_000, 0)).rejects.toThrow(RangeError);
    await expect(networks.segment(hum(), 0, 1)).rejects.toThrow(RangeError);
    expect(await networks.features(new Int16Array(399))).toHaveLength(0);
    expect(await networks.trunk(new Float32Array(0))).toHaveLength(0);
    expect(await networks.embed(new Float32Array(0), new Float32Array(0))).toHaveLength(0);
  });

  it('is refused when it is cut off or damaged, and says why', async () => {
    const folder = await temporaryFolder();
    const bytes = await readFile(path);
    const cut = join(folder, 'cut');
    await writeFile(cut, bytes.subarray(0, -1));
    expect(() => SpeakerNetworks.load(cut)).toThrow(
      expect.objectContaining({ code: 'model_load_failed', detail: expect.stringMatching(/has 8570031 bytes/) }),
    );
    const damaged = join(folder, 'damaged');
    bytes.write('XXXX', 4);
    await writeFile(damaged, bytes);
    expect(() => SpeakerNetworks.load(damaged)).toThrow(
      expect.objectContaining({ code: 'model_load_failed', detail: expect.stringMatching(/begins with "XXXX"/) }),
    );
    expect(() => SpeakerNetworks.load(join(folder, 'absent'))).toThrow(
      expect.objectContaining({ code: 'model_load_failed' }),
    );
  });
});

describe('a file of onnxruntime', () => {
  it.each([0, 3, 8, 40])('of %i bytes is none', (size) => {
    const bytes = new Uint8Array(size).fill(255);
    bytes.set(new TextEncoder().encode('ORTM').subarray(0, Math.max(0, size - 4)), Math.min(4, size));
    expect(() => readOrtTensors(bytes)).toThrow(RangeError);
  });
});
