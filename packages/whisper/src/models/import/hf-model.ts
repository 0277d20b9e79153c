import { type Hparams, modelTensors, type TensorSpec } from '../tensors.ts';
import { type ForeignModel, valuesOf } from './foreign-model.ts';
import { readHfSizes } from './hf-config.ts';
import { hfName } from './hf-names.ts';
import { type HfWeights, openHfWeights } from './hf-weights.ts';
import { chunkOfRows, encode, readExactly, TYPE_BYTES, toSingles } from './number-types.ts';
import { refused } from './refusal.ts';
import type { StoredTensor } from './safetensors.ts';
import { readVocabulary } from './vocabulary.ts';

const EMBEDDING = 'decoder.embed_tokens.weight';
/** Whisper's output projection is its embedding; some files carry it a second time. */
const PROJECTION = 'proj_out.weight';

/** A Hugging Face folder of a WhisperForConditionalGeneration: config.json, safetensors, tokenizer. */
export async function openHfFolder(folder: string): Promise<ForeignModel> {
  const hparams = await readHfSizes(folder);
  const weights = await openHfWeights(folder);
  try {
    refuseUnknown(weights, hparams);
    await refuseOwnProjection(weights);
    return {
      hparams,
      vocabulary: await readVocabulary(folder, hparams.vocab),
      tensor: (spec) => tensorBytes(stored(weights, spec), spec),
      close: weights.close,
    };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/** What we would drop silently could change what the model says. */
function refuseUnknown({ tensors }: HfWeights, hparams: Hparams): void {
  const known = new Set([...modelTensors(hparams)].map(({ name }) => hfName(name)));
  const unknown = [...tensors.keys()].filter((name) => !known.has(name) && name !== PROJECTION);
  if (unknown.length > 0) throw refused(`it has tensors that Whisper does not: ${unknown.slice(0, 5).join(', ')}`);
  for (const spec of modelTensors(hparams)) stored({ tensors }, spec);
}

function stored({ tensors }: Pick<HfWeights, 'tensors'>, { name, shape }: TensorSpec): StoredTensor {
  const tensor = tensors.get(hfName(name));
  if (!tensor) throw refused(`it has no tensor ${hfName(name)}`);
  // The bias of a convolution has a second dimension of one in ggml only.
  const wanted = name.startsWith('encoder.conv') && name.endsWith('bias') ? shape.slice(0, 1) : shape;
  if (tensor.shape.join() === wanted.join()) return tensor;
  throw refused(`its tensor ${hfName(name)} is ${tensor.shape.join(' x ')}, expected ${wanted.join(' x ')}`);
}

async function refuseOwnProjection({ tensors }: HfWeights): Promise<void> {
  const projection = tensors.get(PROJECTION);
  const embedding = tensors.get(EMBEDDING);
  if (!projection || !embedding) return;
  const same = projection.shape.join() === embedding.shape.join() && (await sameValues(projection, embedding));
  if (!same) throw refused(`its ${PROJECTION} is not its embedding, as Whisper's is`);
}

async function sameValues(one: StoredTensor, other: StoredTensor): Promise<boolean> {
  const others = singles(other);
  for await (const mine of singles(one)) {
    const { value: theirs } = await others.next();
    if (theirs === undefined || mine.some((value, i) => value !== theirs[i])) return false;
  }
  return true;
}

async function* singles(tensor: StoredTensor): AsyncGenerator<Float32Array> {
  for await (const bytes of chunks(tensor)) yield toSingles(bytes, tensor.type);
}

async function* tensorBytes(tensor: StoredTensor, { single }: TensorSpec): AsyncGenerator<Buffer> {
  const asStored = tensor.type === (single ? 'f32' : 'f16');
  for await (const bytes of chunks(tensor)) {
    yield asStored ? bytes : encode(toSingles(bytes, tensor.type), single, tensor.name);
  }
}

async function* chunks({ shape, type, handle, file, offset }: StoredTensor): AsyncGenerator<Buffer> {
  const bytes = valuesOf(shape) * TYPE_BYTES[type];
  const step = chunkOfRows(shape.at(-1) ?? 1) * TYPE_BYTES[type];
  for (let at = 0; at < bytes; at += step) {
    yield await readExactly(handle, offset + at, Math.min(step, bytes - at), file);
  }
}
