import { open } from 'node:fs/promises';
import { SottoError } from '@sotto/contracts';
import { FileReader } from './file-reader.ts';
import { HPARAM_NAMES, type Hparams, isMultilingual, modelTensors, type TensorSpec } from './tensors.ts';

/** 'ggml', little endian. */
export const GGML_MAGIC = 0x67676d6c;
/** Bins of the 400-point FFT that the mel filters cover. */
export const FFT_BINS = 201;

/** ggml's tensor types by number: values per block and bytes per block (ggml.h `enum ggml_type`, ggml-common.h). */
const TENSOR_TYPES: Record<number, { name: string; values: number; bytes: number }> = {
  0: { name: 'f32', values: 1, bytes: 4 },
  1: { name: 'f16', values: 1, bytes: 2 },
  2: { name: 'q4_0', values: 32, bytes: 18 },
  3: { name: 'q4_1', values: 32, bytes: 20 },
  6: { name: 'q5_0', values: 32, bytes: 22 },
  7: { name: 'q5_1', values: 32, bytes: 24 },
  8: { name: 'q8_0', values: 32, bytes: 34 },
  10: { name: 'q2_k', values: 256, bytes: 84 },
  11: { name: 'q3_k', values: 256, bytes: 110 },
  12: { name: 'q4_k', values: 256, bytes: 144 },
  13: { name: 'q5_k', values: 256, bytes: 176 },
  14: { name: 'q6_k', values: 256, bytes: 210 },
};

export interface GgmlFile {
  hparams: Hparams;
  bytes: number;
  multilingual: boolean;
  /** Type of the weight matrices: f16, q8_0, ... */
  precision: string;
}

/** Sizes beyond these are damage, not a model: they bound what is read and allocated for an unknown file. */
const MOST = { vocab: 60_000, context: 10_000, width: 8_192, heads: 128, layers: 128, mels: 512, tokenBytes: 4_096 };

/**
 * Reads a ggml Whisper file's structure and holds every byte of it against what its sizes promise: all tensors, each
 * once, in their shapes, and the end of the file where the last one ends. whisper.cpp loads truncated and even empty
 * files without a word.
 *
 * @throws SottoError `model_load_failed`, whose detail says what is wrong and where.
 */
export async function checkGgmlFile(path: string): Promise<GgmlFile> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new SottoError('model_load_failed', 'The model file cannot be opened.', { cause });
  });
  try {
    const { size } = await handle.stat();
    const reader = new FileReader(handle, size, (problem) => damaged(problem));
    const hparams = await readHparams(reader);
    await skipMelFilters(reader, hparams);
    await skipVocabulary(reader, hparams);
    const precision = await readTensors(reader, hparams);
    return { hparams, bytes: size, multilingual: isMultilingual(hparams), precision };
  } finally {
    await handle.close();
  }
}

const damaged = (problem: string): SottoError =>
  new SottoError('model_load_failed', `The model file is damaged: ${problem}.`);

async function readHparams(reader: FileReader): Promise<Hparams> {
  if ((await reader.uint32('the magic number')) !== GGML_MAGIC) {
    throw new SottoError('model_load_failed', 'The file is not a ggml model.');
  }
  const values: Partial<Hparams> = {};
  for (const name of HPARAM_NAMES) values[name] = await reader.int32(name);
  const hparams = values as Hparams;
  const limits: Partial<Record<keyof Hparams, number>> = {
    vocab: MOST.vocab,
    audioContext: MOST.context,
    textContext: MOST.context,
    audioWidth: MOST.width,
    textWidth: MOST.width,
    audioHeads: MOST.heads,
    textHeads: MOST.heads,
    audioLayers: MOST.layers,
    textLayers: MOST.layers,
    mels: MOST.mels,
  };
  for (const [name, most] of Object.entries(limits) as [keyof Hparams, number][]) {
    if (hparams[name] < 1 || hparams[name] > most) throw damaged(`${name} is ${hparams[name]}`);
  }
  if (hparams.audioWidth !== hparams.textWidth) throw damaged('encoder and decoder have different widths');
  return hparams;
}

async function skipMelFilters(reader: FileReader, hparams: Hparams): Promise<void> {
  const mels = await reader.int32('the number of mel filters');
  const bins = await reader.int32('the number of FFT bins');
  if (mels !== hparams.mels || bins !== FFT_BINS) throw damaged(`it has ${mels} x ${bins} mel filters`);
  reader.skip(4 * mels * bins, 'the mel filters');
}

async function skipVocabulary(reader: FileReader, hparams: Hparams): Promise<void> {
  const tokens = await reader.int32('the number of tokens');
  if (tokens < 1 || tokens > hparams.vocab) throw damaged(`it names ${tokens} tokens of ${hparams.vocab}`);
  for (let token = 0; token < tokens; token++) {
    const length = await reader.uint32(`token ${token}`);
    if (length > MOST.tokenBytes) throw damaged(`token ${token} has ${length} bytes`);
    reader.skip(length, `token ${token}`);
  }
}

async function readTensors(reader: FileReader, hparams: Hparams): Promise<string> {
  const missing = new Map([...modelTensors(hparams)].map((tensor) => [tensor.name, tensor]));
  const total = missing.size;
  let precision = 'f32';
  while (!reader.atEnd) {
    const { spec, type } = await readTensor(reader, missing);
    if (spec.name === 'decoder.token_embedding.weight') precision = type;
    missing.delete(spec.name);
  }
  if (missing.size > 0) throw damaged(`${missing.size} of ${total} tensors are missing (it may be truncated)`);
  return precision;
}

async function readTensor(reader: FileReader, missing: Map<string, TensorSpec>) {
  const rank = await reader.int32('a tensor');
  const nameLength = await reader.int32('a tensor');
  const type = TENSOR_TYPES[await reader.int32('a tensor')];
  if (rank < 1 || rank > 3 || nameLength < 1 || nameLength > 128 || !type)
    throw damaged('a tensor has no valid header');
  const shape: number[] = [];
  for (let dimension = 0; dimension < rank; dimension++) shape.unshift(await reader.int32('a tensor'));
  const name = (await reader.bytes(nameLength, 'a tensor')).toString('latin1');
  const spec = missing.get(name);
  if (!spec) throw damaged(`tensor ${JSON.stringify(name)} is unknown or comes twice`);
  if (spec.shape.join() !== shape.join()) throw damaged(`tensor ${name} is ${shape.join(' x ')}`);
  const values = shape.reduce((product, size) => product * size, 1);
  reader.skip((values / type.values) * type.bytes, `tensor ${name}`);
  return { spec, type: type.name };
}

/** Bytes of a file of these sizes whose matrices have this precision, without its vocabulary's text. */
export function ggmlFileBytes(hparams: Hparams, precision: string, tokens: number): number {
  const typeOf = (wanted: string) => {
    const type = Object.values(TENSOR_TYPES).find((each) => each.name === wanted);
    if (!type) throw new RangeError(`unknown precision ${wanted}`);
    return type;
  };
  let bytes = 4 + 4 * HPARAM_NAMES.length + 8 + 4 * hparams.mels * FFT_BINS + 4 + 4 * tokens;
  for (const tensor of modelTensors(hparams)) {
    // Convolutions stay f16 in quantised files: only matrices are quantised.
    const type = typeOf(tensor.single ? 'f32' : tensor.shape.length === 3 ? 'f16' : precision);
    const values = tensor.shape.reduce((product, size) => product * size, 1);
    bytes += 4 * (3 + tensor.shape.length) + tensor.name.length + (values / type.values) * type.bytes;
  }
  return bytes;
}
