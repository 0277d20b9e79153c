import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav, temporaryFolder } from '@sotto/testkit';
import { ESPEAK_DATA_NAME, runtimePackage } from '../src/install/places.ts';

/**
 * In the place of sherpa-onnx, for weights that cannot be had: loads nothing, says a text as a tone whose pitch depends on the recording
 * that it is to be spoken like, and writes down what it was told beside the model.
 */
const PROGRAM = `
const { appendFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { dirname, join } = require('node:path');
const SAMPLE_RATE_HZ = 24_000;
const SECONDS_PER_CHARACTER = 0.06;
class OfflineTts {
  static async createAsync(config) {
    const tts = new OfflineTts();
    tts.log = join(dirname(Object.values(config.model)[0].encoder), 'told.jsonl');
    tts.note({ config });
    return tts;
  }
  note(told) {
    appendFileSync(this.log, JSON.stringify(told) + '\\n');
  }
  async generateAsync({ text, generationConfig, onProgress }) {
    const { referenceAudio, ...told } = generationConfig;
    const bytes = Buffer.from(referenceAudio.buffer, referenceAudio.byteOffset, referenceAudio.byteLength);
    const hash = createHash('sha256').update(bytes).digest();
    this.note({ text, ...told, referenceSamples: referenceAudio.length });
    const pitchHz = 100 + hash[0];
    const samples = new Float32Array(Math.round((text.length * SECONDS_PER_CHARACTER * SAMPLE_RATE_HZ) / told.speed));
    for (let at = 0; at < samples.length; at += 1) samples[at] = 0.3 * Math.sin((2 * Math.PI * pitchHz * at) / SAMPLE_RATE_HZ);
    await new Promise(setImmediate);
    onProgress({});
    return { samples, sampleRate: SAMPLE_RATE_HZ };
  }
}
module.exports = { OfflineTts };
`;

const PARTS = {
  zipvoice: ['encoder', 'decoder', 'vocoder', 'tokens'],
  pocket: ['lmFlow', 'lmMain', 'encoder', 'decoder', 'textConditioner', 'vocabJson', 'tokenScoresJson'],
} as const;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A recording of so many seconds. */
export const recording = (seconds: number, seed: number): Buffer =>
  Buffer.from(encodeWav(Int16Array.from({ length: 16_000 * seconds }, (_, at) => ((at * seed) % 2_000) - 1_000)));

/** A folder of voices with what they run in, and weights that are none. @returns the folder, and what stands in the manifest */
export async function fakeClone(engine: keyof typeof PARTS) {
  const dir = await temporaryFolder('clone');
  const program = runtimePackage(dir);
  await mkdir(program, { recursive: true });
  await writeFile(join(program, 'package.json'), '{"name": "sherpa-onnx-node", "main": "sherpa-onnx.js"}');
  await writeFile(join(program, 'sherpa-onnx.js'), PROGRAM);
  await mkdir(join(dir, ESPEAK_DATA_NAME));
  const folder = join(dir, engine);
  await mkdir(folder);
  const put = async (name: string, content: Uint8Array) => {
    await writeFile(join(folder, name), content);
    return { name, sha256: sha256(content) };
  };
  const files: Record<string, { name: string; sha256: string }> = {};
  for (const part of PARTS[engine]) files[part] = await put(`${part}.bin`, Buffer.from(`${engine} ${part}`));
  const voices = [
    { id: 'anna', name: 'Anna', recording: await put('anna.wav', recording(3, 7)), text: 'This is Anna.' },
    {
      id: 'ben',
      name: 'Ben',
      gender: 'male',
      recording: await put('ben.wav', recording(2, 11)),
      text: 'And this is Ben.',
    },
  ];
  const manifest = {
    format: 1,
    engine,
    model: `${engine}-test`,
    sampleRateHz: 24_000,
    languages: ['en-us', 'de'],
    licence: 'MIT',
    files,
    voices,
  };
  await writeManifest(dir, engine, manifest);
  return { dir, folder, manifest };
}

export const writeManifest = (dir: string, engine: string, manifest: unknown): Promise<void> =>
  writeFile(join(dir, engine, 'clone.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
