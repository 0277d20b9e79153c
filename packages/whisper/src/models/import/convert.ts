import { type FileHandle, open } from 'node:fs/promises';
import { FFT_BINS, GGML_MAGIC, ggmlFileBytes } from '../ggml-file.ts';
import { HPARAM_NAMES, modelTensors, type TensorSpec } from '../tensors.ts';
import { refuseNotFinite } from './finite.ts';
import { F16, type ForeignModel } from './foreign-model.ts';
import { HashingWriter } from './hashing-writer.ts';
import { melFilters } from './mel-filters.ts';
import { openFolder } from './open-folder.ts';
import {
  isQuantised,
  type Quantisation,
  quantisedFileType,
  quantisedTensorType,
  quantiseRows,
  refuseUnevenRows,
} from './quantise.ts';

export interface ConvertOptions {
  /** Type of the matrices; float16 when not given. */
  quantise?: Quantisation | undefined;
  signal?: AbortSignal | undefined;
  onBytes?: ((writtenBytes: number, totalBytes: number) => void) | undefined;
  /** Told before anything is written how large the file will be; may throw. */
  onSize?: ((bytes: number) => Promise<void>) | undefined;
}

export interface ConvertedModel {
  /** Of the file. */
  sha256: string;
  /** Of the file with matrices of float16, written or not: what tells whose weights they are. */
  float16Sha256: string;
}

const F32 = 0;

/**
 * Writes a faster-whisper (CTranslate2) or Hugging Face model folder as whisper.cpp's ggml file, one piece of a tensor
 * at a time. Layout: whisper.cpp, models/convert-pt-to-ggml.py and examples/quantize.
 *
 * @throws SottoError `invalid_parameter` that says what is wrong with the folder.
 */
export async function convertModel(
  folder: string,
  target: string,
  options: ConvertOptions = {},
): Promise<ConvertedModel> {
  const model = await openFolder(folder);
  try {
    if (options.quantise) refuseUnevenRows(model.hparams.audioWidth);
    const totalBytes = bytesOf(model, options.quantise);
    await options.onSize?.(totalBytes);
    const file = await open(target, 'w');
    try {
      return await write(file, model, totalBytes, options);
    } finally {
      await file.close();
    }
  } finally {
    await model.close();
  }
}

function bytesOf({ hparams, vocabulary }: ForeignModel, quantise: Quantisation | undefined): number {
  const textBytes = vocabulary.reduce((sum, token) => sum + token.length, 0);
  return ggmlFileBytes(hparams, quantise ?? 'f16', vocabulary.length) + textBytes;
}

/** A ggml file on its way. */
interface Output {
  writer: HashingWriter;
  quantise: Quantisation | undefined;
}

async function write(
  file: FileHandle,
  model: ForeignModel,
  totalBytes: number,
  { quantise, signal, onBytes }: ConvertOptions,
): Promise<ConvertedModel> {
  const written: Output = { writer: new HashingWriter(file), quantise };
  const float16: Output = quantise ? { writer: new HashingWriter(null), quantise: undefined } : written;
  const outputs = new Set([written, float16]);
  for (const output of outputs) await writeHead(output, model);
  for (const spec of modelTensors(model.hparams)) {
    for (const output of outputs) await writeTensorHead(output, spec);
    for await (const values of model.tensor(spec)) {
      signal?.throwIfAborted();
      refuseNotFinite(spec.name, values, spec.single);
      for (const output of outputs) await writeValues(output, spec, values);
      onBytes?.(written.writer.bytes, totalBytes);
    }
  }
  const sha256 = await written.writer.finish();
  return { sha256, float16Sha256: float16 === written ? sha256 : await float16.writer.finish() };
}

async function writeHead({ writer, quantise }: Output, { hparams, vocabulary }: ForeignModel): Promise<void> {
  const header = { ...hparams, fileType: quantise ? quantisedFileType(quantise) : F16 };
  await writer.int32(GGML_MAGIC, ...HPARAM_NAMES.map((name) => header[name]));
  await writer.int32(hparams.mels, FFT_BINS);
  await writer.write(Buffer.from(melFilters(hparams.mels).buffer));
  await writer.int32(vocabulary.length);
  for (const token of vocabulary) {
    await writer.int32(token.length);
    await writer.write(token);
  }
}

const kindOf = ({ quantise }: Output, spec: TensorSpec): Quantisation | null =>
  quantise && isQuantised(spec) ? quantise : null;

async function writeTensorHead(output: Output, spec: TensorSpec): Promise<void> {
  const { name, shape, single } = spec;
  const kind = kindOf(output, spec);
  const type = kind ? quantisedTensorType(kind) : single ? F32 : F16;
  await output.writer.int32(shape.length, name.length, type, ...shape.toReversed());
  await output.writer.write(Buffer.from(name, 'latin1'));
}

async function writeValues(output: Output, spec: TensorSpec, values: Buffer): Promise<void> {
  const kind = kindOf(output, spec);
  await output.writer.write(kind ? quantiseRows(kind, values, spec.shape.at(-1) ?? 1) : values);
}
