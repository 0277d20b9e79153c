import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fromHalf, toHalf } from '../src/models/import/half.ts';
import { hfName } from '../src/models/import/hf-names.ts';
import { HPARAM_NAMES, type Hparams, modelTensors } from '../src/models/tensors.ts';
import { ct2Folder } from './models-fixtures.ts';

/** A Whisper in memory: sizes, text tokens, and tensors by OpenAI's names, outermost size first. */
export interface Content {
  hparams: Hparams;
  tokens: Buffer[];
  tensors: Map<string, Float32Array>;
}

/** Reproducible noise that float16 holds exactly. */
export function noiseContent(hparams: Hparams, tokens: number): Content {
  const tensors = new Map<string, Float32Array>();
  for (const { name, shape } of modelTensors(hparams)) {
    let state = createHash('sha256').update(name).digest().readUInt32LE();
    const count = shape.reduce((product, size) => product * size, 1);
    const values = new Float32Array(count).map(() => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return fromHalf(toHalf(state / 2 ** 32 - 0.5));
    });
    tensors.set(name, values);
  }
  return { hparams, tokens: Array.from({ length: tokens }, (_, id) => Buffer.from(` ${id}`)), tensors };
}

/** Everything in a ggml file of float16 matrices. */
export async function ggmlContent(path: string): Promise<Content> {
  const file = await readFile(path);
  let at = 4;
  const take = (bytes: number) => {
    at += bytes;
    return file.subarray(at - bytes, at);
  };
  const int = () => take(4).readInt32LE();
  const hparams = Object.fromEntries(HPARAM_NAMES.map((name) => [name, int()])) as Hparams;
  const filters = int() * int();
  take(4 * filters);
  const tokens = Array.from({ length: int() }, () => take(int()));
  const tensors = new Map<string, Float32Array>();
  while (at < file.length) {
    const [rank = 0, nameBytes = 0, type] = [int(), int(), int()];
    const count = Array.from({ length: rank }, int).reduce((product, size) => product * size, 1);
    const name = take(nameBytes).toString('latin1');
    const bytes = new Uint8Array(take(count * (type === 1 ? 2 : 4)));
    const values =
      type === 1 ? new Float32Array(new Uint16Array(bytes.buffer)).map(fromHalf) : new Float32Array(bytes.buffer);
    tensors.set(name, values);
  }
  return { hparams, tokens, tensors };
}

/** The model with these layers of one side, in this order; null is a layer that changes nothing, whose work is done all the same. */
export function withLayers(content: Content, side: 'encoder' | 'decoder', layers: (number | null)[]): Content {
  const tensors = new Map([...content.tensors].filter(([name]) => !name.startsWith(`${side}.blocks.`)));
  for (const [to, from] of layers.entries()) {
    for (const [name, values] of content.tensors) {
      const member = new RegExp(`^${side}\\.blocks\\.${from ?? 0}\\.(.*)$`).exec(name)?.[1];
      if (member === undefined) continue;
      const silent = from === null && /^(attn\.out|cross_attn\.out|mlp\.2)\./.test(member);
      tensors.set(`${side}.blocks.${to}.${member}`, silent ? new Float32Array(values.length) : values);
    }
  }
  const count = side === 'encoder' ? { audioLayers: layers.length } : { textLayers: layers.length };
  return { ...content, hparams: { ...content.hparams, ...count }, tensors };
}

export interface Entry {
  dtype: string;
  shape: number[];
  data: Buffer;
}

const ENCODE: Record<string, (values: Float32Array) => Buffer> = {
  F32: (values) => Buffer.from(values.buffer),
  F16: (values) => Buffer.from(new Uint16Array(values.map(toHalf)).buffer),
  BF16: (values) => Buffer.from(new Uint16Array(new Uint32Array(values.buffer).map((bits) => bits >>> 16)).buffer),
};

/** The tensors under Hugging Face's names. */
export function hfEntries({ hparams, tensors }: Content, dtype = 'F16'): Map<string, Entry> {
  const encode = ENCODE[dtype];
  const entries = new Map<string, Entry>();
  for (const { name, shape } of modelTensors(hparams)) {
    const values = tensors.get(name);
    if (!values || !encode) throw new Error(`no ${name} as ${dtype}`);
    const stored = name.startsWith('encoder.conv') && name.endsWith('bias') ? shape.slice(0, 1) : shape;
    entries.set(`model.${hfName(name)}`, { dtype, shape: stored, data: encode(values) });
  }
  return entries;
}

export function safetensors(entries: Map<string, Entry>, change = (header: Record<string, unknown>) => header): Buffer {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const [name, { dtype, shape, data }] of entries) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.length] };
    end += data.length;
  }
  const text = Buffer.from(JSON.stringify(change(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...[...entries.values()].map(({ data }) => data)]);
}

/** `count` shards with their index. */
export function shards(entries: Map<string, Entry>, count: number): Record<string, Buffer | string> {
  const files: Record<string, Buffer | string> = {};
  const map: Record<string, string> = {};
  for (let shard = 0; shard < count; shard++) {
    const file = `model-0000${shard + 1}-of-0000${count}.safetensors`;
    const part = new Map([...entries].filter((_, index) => index % count === shard));
    for (const name of part.keys()) map[name] = file;
    files[file] = safetensors(part);
  }
  return { ...files, 'model.safetensors.index.json': JSON.stringify({ metadata: {}, weight_map: map }) };
}

export const config = ({ hparams }: Content): Record<string, unknown> => ({
  model_type: 'whisper',
  architectures: ['WhisperForConditionalGeneration'],
  vocab_size: hparams.vocab,
  d_model: hparams.audioWidth,
  encoder_layers: hparams.audioLayers,
  encoder_attention_heads: hparams.audioHeads,
  encoder_ffn_dim: 4 * hparams.audioWidth,
  decoder_layers: hparams.textLayers,
  decoder_attention_heads: hparams.textHeads,
  decoder_ffn_dim: 4 * hparams.audioWidth,
  num_mel_bins: hparams.mels,
  max_source_positions: hparams.audioContext,
  max_target_positions: hparams.textContext,
  activation_function: 'gelu',
  scale_embedding: false,
});

/** `vocab.json`: tokens in GPT-2's spelling, which shows each byte as a printable character. */
export const vocabJson = ({ tokens }: Content): string =>
  JSON.stringify(
    Object.fromEntries(tokens.map((bytes, id) => [Array.from(bytes, (byte) => SPELLINGS[byte]).join(''), id])),
  );

const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
const unprintable = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !printable(byte));
const SPELLINGS = Array.from({ length: 256 }, (_, byte) =>
  String.fromCharCode(printable(byte) ? byte : 256 + unprintable.indexOf(byte)),
);

export interface FolderOptions {
  dtype?: string;
  /** Files beside or instead of the usual ones; a null leaves one out. */
  files?: Record<string, Buffer | string | null>;
  config?: Record<string, unknown>;
}

/** A Hugging Face folder as `save_pretrained` writes it: one safetensors file and vocab.json, unless told otherwise. */
export async function hfFolder(content: Content, options: FolderOptions = {}): Promise<string> {
  return ct2Folder({
    'config.json': JSON.stringify({ ...config(content), ...options.config }),
    'vocab.json': vocabJson(content),
    'added_tokens.json': JSON.stringify({ '<|startoftranscript|>': content.tokens.length + 1 }),
    'preprocessor_config.json': JSON.stringify({
      feature_size: content.hparams.mels,
      sampling_rate: 16_000,
      n_fft: 400,
      hop_length: 160,
      chunk_length: 30,
    }),
    ...(options.files && 'model.safetensors' in options.files
      ? {}
      : { 'model.safetensors': safetensors(hfEntries(content, options.dtype)) }),
    ...options.files,
  });
}
