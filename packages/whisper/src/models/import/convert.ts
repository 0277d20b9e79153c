import { open } from 'node:fs/promises';
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

const F32 = 0;

/**
 * Writes a faster-whisper (CTranslate2) or Hugging Face model folder as whisper.cpp's ggml file, one piece of a tensor
 * at a time. Layout: whisper.cpp, models/convert-pt-to-ggml.py and examples/quantize.
 *
 * @returns SHA-256 of the file.
 * @throws SottoError `invalid_parameter` that says what is wrong with the folder.
 */
export async function convertModel(folder: string, target: string, options: ConvertOptions = {}): Promise<string> {
  const model = await openFolder(folder);
  try {
    if (options.quantise) refuseUnevenRows(model.hparams.audioWidth);
    const totalBytes = bytesOf(model, options.quantise);
    await options.onSize?.(totalBytes);
    const output = await open(target, 'w');
    try {
      return await write(new HashingWriter(output), model, totalBytes, options);
    } finally {
      await output.close();
    }
  } finally {
    await model.close();
  }
}

function bytesOf({ hparams, vocabulary }: ForeignModel, quantise: Quantisation | undefined): number {
  const textBytes = vocabulary.reduce((sum, token) => sum + token.length, 0);
  return ggmlFileBytes(hparams, quantise ?? 'f16', vocabulary.length) + textBytes;
}

async function write(
  writer: HashingWriter,
  model: ForeignModel,
  totalBytes: number,
  { quantise, signal, onBytes }: ConvertOptions,
): Promise<string> {
  const { hparams, vocabulary } = model;
  const header = { ...hparams, fileType: quantise ? quantisedFileType(quantise) : F16 };
  await writer.int32(GGML_MAGIC, ...HPARAM_NAMES.map((name) => header[name]));
  await writer.int32(hparams.mels, FFT_BINS);
  await writer.write(Buffer.from(melFilters(hparams.mels).buffer));
  await writer.int32(vocabulary.length);
  for (const token of vocabulary) {
    await writer.int32(token.length);
    await writer.write(token);
  }
  for (const spec of modelTensors(hparams)) {
    for await (const bytes of tensorRecord(model, spec, quantise)) {
      signal?.throwIfAborted();
      await writer.write(bytes);
      onBytes?.(writer.bytes, totalBytes);
    }
  }
  return writer.finish();
}

/** A tensor as it stands in the file: header, name, values. */
async function* tensorRecord(
  model: ForeignModel,
  spec: TensorSpec,
  quantise: Quantisation | undefined,
): AsyncGenerator<Buffer> {
  const { name, shape, single } = spec;
  const kind = quantise && isQuantised(spec) ? quantise : null;
  const type = kind ? quantisedTensorType(kind) : single ? F32 : F16;
  const header = Int32Array.of(shape.length, name.length, type, ...shape.toReversed());
  yield Buffer.concat([Buffer.from(header.buffer), Buffer.from(name, 'latin1')]);
  for await (const values of model.tensor(spec)) {
    refuseNotFinite(name, values, single);
    yield kind ? quantiseRows(kind, values, shape.at(-1) ?? 1) : values;
  }
}
