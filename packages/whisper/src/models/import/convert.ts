import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { FFT_BINS, GGML_MAGIC, ggmlFileBytes } from '../ggml-file.ts';
import { HPARAM_NAMES, type Hparams, modelTensors, type TensorSpec } from '../tensors.ts';
import { type Ct2Model, openCt2 } from './ct2-file.ts';
import { ct2Source } from './ct2-names.ts';
import { scalar, tensorBytes } from './ct2-values.ts';
import { HashingWriter } from './hashing-writer.ts';
import { melFilters } from './mel-filters.ts';
import { refused } from './refusal.ts';
import { readVocabulary } from './vocabulary.ts';

export interface ConvertOptions {
  signal?: AbortSignal | undefined;
  onBytes?: ((writtenBytes: number, totalBytes: number) => void) | undefined;
}

/** Values of ggml's `ftype` and tensor `type` fields. */
const F16 = 1;
const F32 = 0;
/** English-only, multilingual, multilingual with Cantonese: whisper.cpp derives its special tokens from these sizes. */
const VOCABULARIES = [51_864, 51_865, 51_866];
const HEAD_WIDTH = 64;

/**
 * Writes a faster-whisper (CTranslate2) model folder as whisper.cpp's ggml file with float16 matrices, one piece of a
 * tensor at a time. Layout: whisper.cpp, models/convert-pt-to-ggml.py.
 *
 * @returns SHA-256 of the file.
 * @throws SottoError `invalid_parameter` that says what is wrong with the folder.
 */
export async function convertModel(folder: string, target: string, options: ConvertOptions = {}): Promise<string> {
  const input = await open(join(folder, 'model.bin'), 'r').catch((cause: unknown) => {
    throw refused('the folder has no model.bin', cause);
  });
  try {
    const model = await openCt2(input);
    const hparams = await readSizes(model);
    refuseUnknown(model, hparams);
    await refuseKeyBias(model, hparams);
    const vocabulary = await readVocabulary(folder, hparams.vocab);
    const output = await open(target, 'w');
    try {
      return await write(new HashingWriter(output), model, hparams, vocabulary, options);
    } finally {
      await output.close();
    }
  } finally {
    await input.close();
  }
}

async function readSizes(model: Ct2Model): Promise<Hparams> {
  const dims = (name: string, rank: number): number[] => {
    const variable = model.variables.get(name);
    if (variable?.dims.length !== rank) throw refused(`it has no variable ${name} of ${rank} dimensions`);
    return variable.dims;
  };
  const [vocab = 0, width = 0] = dims('decoder/embeddings/weight', 2);
  if (!VOCABULARIES.includes(vocab)) {
    throw refused(`it has ${vocab} tokens; whisper.cpp knows vocabularies of ${VOCABULARIES.join(', ')}`);
  }
  const heads = async (side: string): Promise<number> => {
    const number = (await scalar(model, `${side}/num_heads`)) ?? width / HEAD_WIDTH;
    if (number < 1 || width % number !== 0) throw refused(`its ${side} has ${number} heads for a width of ${width}`);
    return number;
  };
  return {
    vocab,
    audioContext: dims('encoder/position_encodings/encodings', 2)[0] ?? 0,
    audioWidth: width,
    audioHeads: await heads('encoder'),
    audioLayers: layers(model, 'encoder'),
    textContext: dims('decoder/position_encodings/encodings', 2)[0] ?? 0,
    textWidth: width,
    textHeads: await heads('decoder'),
    textLayers: layers(model, 'decoder'),
    mels: dims('encoder/conv1/weight', 3)[1] ?? 0,
    fileType: F16,
  };
}

function layers(model: Ct2Model, side: string): number {
  const numbers = [...model.variables.keys()].map((name) =>
    Number(new RegExp(`^${side}/layer_(\\d+)/`).exec(name)?.[1] ?? -1),
  );
  return numbers.reduce((most, number) => Math.max(most, number), -1) + 1;
}

/** What we would drop silently could change what the model says. Settings (single numbers) and alignment heads do not. */
function refuseUnknown(model: Ct2Model, hparams: Hparams): void {
  const known = new Set<string>();
  for (const tensor of modelTensors(hparams)) {
    const { variable } = ct2Source(tensor.name);
    known.add(variable).add(`${variable}_scale`);
  }
  const unknown = [...model.variables.values()].filter(
    ({ name, dims }) => dims.length > 0 && !known.has(name) && name !== 'decoder/alignment_heads',
  );
  if (unknown.length > 0)
    throw refused(`it has variables that Whisper does not: ${unknown.slice(0, 5).map((each) => each.name)}`);
}

/** The key's stripe of a fused bias is zero in every Whisper; ggml has no place for another. */
async function refuseKeyBias(model: Ct2Model, hparams: Hparams): Promise<void> {
  for (const { name } of modelTensors(hparams)) {
    if (!name.endsWith('.key.weight')) continue;
    const source = ct2Source(name.replace(/weight$/, 'bias'));
    for await (const bytes of tensorBytes(model, source, hparams.audioWidth, true)) {
      if (bytes.some((byte) => byte !== 0)) throw refused(`its key projection in ${source.variable} has a bias`);
    }
  }
}

async function write(
  writer: HashingWriter,
  model: Ct2Model,
  hparams: Hparams,
  vocabulary: Buffer[],
  { signal, onBytes }: ConvertOptions,
): Promise<string> {
  const textBytes = vocabulary.reduce((sum, token) => sum + token.length, 0);
  const totalBytes = ggmlFileBytes(hparams, 'f16', vocabulary.length) + textBytes;
  await writer.int32(GGML_MAGIC, ...HPARAM_NAMES.map((name) => hparams[name]));
  await writer.int32(hparams.mels, FFT_BINS);
  await writer.write(Buffer.from(melFilters(hparams.mels).buffer));
  await writer.int32(vocabulary.length);
  for (const token of vocabulary) {
    await writer.int32(token.length);
    await writer.write(token);
  }
  for (const tensor of modelTensors(hparams)) {
    signal?.throwIfAborted();
    await writeTensor(writer, model, tensor, () => onBytes?.(writer.bytes, totalBytes));
  }
  return writer.finish();
}

async function writeTensor(
  writer: HashingWriter,
  model: Ct2Model,
  tensor: TensorSpec,
  onChunk: () => void,
): Promise<void> {
  const { name, shape, single } = tensor;
  const values = shape.reduce((product, size) => product * size, 1);
  await writer.int32(shape.length, name.length, single ? F32 : F16, ...shape.toReversed());
  await writer.write(Buffer.from(name, 'latin1'));
  for await (const bytes of tensorBytes(model, ct2Source(name), values, single)) {
    await writer.write(bytes);
    onChunk();
  }
}
