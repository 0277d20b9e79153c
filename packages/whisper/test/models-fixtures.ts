import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { convertModel } from '../src/models/import/convert.ts';
import { ct2Source } from '../src/models/import/ct2-names.ts';
import { type Hparams, modelTensors } from '../src/models/tensors.ts';

/** A folder that is gone after the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-models-'));
  folders.push(folder);
  return folder;
}
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

export const SMALL: Hparams = {
  vocab: 51_864,
  audioContext: 1500,
  audioWidth: 8,
  audioHeads: 1,
  audioLayers: 1,
  textContext: 448,
  textWidth: 8,
  textHeads: 1,
  textLayers: 2,
  mels: 80,
  fileType: 1,
};

export interface Ct2Variable {
  name: string;
  dims: number[];
  /** CTranslate2's number of the type. */
  type: number;
  data: Buffer;
}

/** The variables of a model of these sizes, as CTranslate2 would save it in float32: reproducible noise, no key bias. */
export function ct2Variables(hparams: Hparams): Ct2Variable[] {
  const key = Object.values(hparams).join();
  const variables = made.get(key) ?? makeVariables(hparams);
  made.set(key, variables);
  return variables;
}
const made = new Map<string, Ct2Variable[]>();

function makeVariables(hparams: Hparams): Ct2Variable[] {
  const shapes = new Map<string, number[]>();
  for (const { name, shape } of modelTensors(hparams)) {
    const { variable, parts } = ct2Source(name);
    const dims = name.endsWith('conv1.bias') || name.endsWith('conv2.bias') ? shape.slice(0, 1) : [...shape];
    shapes.set(variable, [(dims[0] ?? 0) * parts, ...dims.slice(1)]);
  }
  const settings = ['encoder', 'decoder'].map((side) => scalarVariable(`${side}/num_heads`, hparams.audioHeads));
  return [...settings, ...[...shapes].map(([name, dims]) => ({ name, dims, type: 0, data: noise(name, dims) }))];
}

export function scalarVariable(name: string, value: number): Ct2Variable {
  const data = Buffer.alloc(2);
  data.writeInt16LE(value);
  return { name, dims: [], type: 2, data };
}

function noise(name: string, dims: number[]): Buffer {
  const count = dims.reduce((product, size) => product * size, 1);
  let state = createHash('sha256').update(name).digest().readUInt32LE();
  const values = new Float32Array(count).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  // The middle third of the fused bias is the key's, which Whisper does not have.
  if (name.endsWith('self_attention/linear_0/bias')) values.fill(0, count / 3, (2 * count) / 3);
  if (name.endsWith('/attention/linear_1/bias')) values.fill(0, 0, count / 2);
  return Buffer.from(values.buffer);
}

export interface Ct2Options {
  version?: number;
  spec?: string;
  aliases?: [string, string][];
}

export function ct2Bytes(variables: Ct2Variable[], options: Ct2Options = {}): Buffer {
  const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const text = (value: string) => {
    const bytes = Buffer.from(`${value}\0`);
    return Buffer.concat([Buffer.from(Uint16Array.of(bytes.length).buffer), bytes]);
  };
  const body = variables.flatMap(({ name, dims, type, data }) => [
    text(name),
    Buffer.of(dims.length),
    u32(...dims),
    Buffer.of(type),
    u32(data.length),
    data,
  ]);
  const aliases = options.aliases ?? [['decoder/projection/weight', 'decoder/embeddings/weight']];
  const head = [u32(options.version ?? 6), text(options.spec ?? 'WhisperSpec'), u32(3, variables.length)];
  return Buffer.concat([...head, ...body, u32(aliases.length), ...aliases.flat().map(text)]);
}

/** A tokenizer.json of the right length whose tokens are their own numbers. */
export function tokenizerJson(textTokens: number): string {
  const vocab = Object.fromEntries(Array.from({ length: textTokens }, (_, id) => [`Ġ${id}`, id]));
  return JSON.stringify({ model: { vocab } });
}

/** A faster-whisper folder with these files; a null leaves one out. */
export async function ct2Folder(files: Record<string, Buffer | string | null>): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (content !== null) await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A whole small ggml file (1.1 MB) that loads, and its SHA-256. */
export async function smallGgml(): Promise<{ bytes: Buffer; sha256: string }> {
  const folder = await ct2Folder({
    'model.bin': ct2Bytes(ct2Variables(SMALL)),
    'tokenizer.json': tokenizerJson(50_256),
  });
  const target = join(folder, 'model.ggml');
  const { sha256 } = await convertModel(folder, target);
  return { bytes: await readFile(target), sha256 };
}
