import type { FileHandle } from 'node:fs/promises';
import { type Ct2Model, type Ct2Type, type Ct2Variable, TYPE_BYTES } from './ct2-file.ts';
import type { Ct2Source } from './ct2-names.ts';
import { fromHalf, halfOfSingle, isUnusableHalf } from './half.ts';
import { refused } from './refusal.ts';

/** Values converted at a time: with their copies a few megabytes, whatever the model's size. */
const CHUNK_VALUES = 1 << 18;

/** What a quantised variable's integers are divided by: one number per row, or one for all. */
interface Scale {
  perRow: Float32Array;
  rowLength: number;
}

/** The variable, checked to be there and to have the given number of values in all its slices together. */
function requireVariable(model: Ct2Model, { variable: name, parts }: Ct2Source, values: number): Ct2Variable {
  const variable = model.variables.get(name);
  if (!variable) throw refused(`it has no variable ${name}`);
  const actual = variable.dims.reduce((product, size) => product * size, 1);
  if (actual !== values * parts) throw refused(`its variable ${name} is ${variable.dims.join(' x ')}`);
  return variable;
}

/**
 * Streams the values of one tensor as float16 or float32, little endian, in chunks. Integers are dequantised with the
 * `_scale` beside them (CTranslate2 multiplies by it when it quantises).
 */
export async function* tensorBytes(
  model: Ct2Model,
  source: Ct2Source,
  values: number,
  single: boolean,
): AsyncGenerator<Buffer> {
  const variable = requireVariable(model, source, values);
  const size = TYPE_BYTES[variable.type];
  const scale = await readScale(model, variable);
  const first = source.part * values;
  for (let at = first; at < first + values; at += CHUNK_VALUES) {
    const count = Math.min(CHUNK_VALUES, first + values - at);
    const bytes = await readExactly(model.handle, variable.offset + at * size, count * size);
    yield convert(bytes, { variable, first: at, count, scale, single });
  }
}

interface Chunk {
  variable: Ct2Variable;
  /** Index of the chunk's first value in the variable. */
  first: number;
  count: number;
  scale: Scale | null;
  single: boolean;
}

function convert(bytes: Buffer, chunk: Chunk): Buffer {
  const { variable, single } = chunk;
  if (variable.type === 'f32' && single) return bytes;
  if (variable.type === 'f16' && !single) return bytes;
  const numbers = decode(bytes, chunk);
  return single ? Buffer.from(numbers.buffer) : encodeHalf(numbers, variable.name);
}

function decode(bytes: Buffer, { variable, first, count, scale }: Chunk): Float32Array {
  const numbers = new Float32Array(count);
  const read = READERS[variable.type];
  for (let i = 0; i < count; i++) numbers[i] = read(bytes, i);
  if (!scale) return numbers;
  for (let i = 0; i < count; i++) {
    const row = scale.perRow.length === 1 ? 0 : Math.floor((first + i) / scale.rowLength);
    numbers[i] = (numbers[i] as number) / (scale.perRow[row] as number);
  }
  return numbers;
}

const bfloat = new Uint32Array(1);
const bfloatValue = new Float32Array(bfloat.buffer);

const READERS: Record<Ct2Type, (bytes: Buffer, index: number) => number> = {
  f32: (bytes, index) => bytes.readFloatLE(index * 4),
  i8: (bytes, index) => bytes.readInt8(index),
  i16: (bytes, index) => bytes.readInt16LE(index * 2),
  i32: (bytes, index) => bytes.readInt32LE(index * 4),
  f16: (bytes, index) => fromHalf(bytes.readUInt16LE(index * 2)),
  // The upper half of a float32.
  bf16: (bytes, index) => {
    bfloat[0] = bytes.readUInt16LE(index * 2) << 16;
    return bfloatValue[0] as number;
  },
};

function encodeHalf(numbers: Float32Array, name: string): Buffer {
  const bits = new Uint32Array(numbers.buffer);
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < bits.length; i++) {
    const half = halfOfSingle(bits[i] as number);
    if (isUnusableHalf(half)) throw refused(`its variable ${name} has values that float16 cannot hold`);
    halves[i] = half;
  }
  return Buffer.from(halves.buffer);
}

async function readScale(model: Ct2Model, variable: Ct2Variable): Promise<Scale | null> {
  if (!variable.type.startsWith('i')) return null;
  const scale = model.variables.get(`${variable.name}_scale`);
  if (!scale) throw refused(`its variable ${variable.name} is quantised (${variable.type}) and has no scale`);
  const rows = scale.dims.reduce((product, size) => product * size, 1);
  const oneForAll = rows === 1;
  if ((!oneForAll && rows !== variable.dims[0]) || scale.type !== 'f32') {
    throw refused(`its variable ${scale.name} is no list of one float32 per row`);
  }
  const bytes = await readExactly(model.handle, scale.offset, rows * 4);
  const perRow = new Float32Array(rows);
  for (let row = 0; row < rows; row++) perRow[row] = bytes.readFloatLE(row * 4);
  if (perRow.some((value) => value === 0)) throw refused(`its variable ${scale.name} has a zero`);
  return { perRow, rowLength: variable.dims.slice(1).reduce((product, size) => product * size, 1) };
}

/** A number that CTranslate2 stores as a variable without dimensions; null when it is not there. */
export async function scalar(model: Ct2Model, name: string): Promise<number | null> {
  const variable = model.variables.get(name);
  if (!variable) return null;
  if (variable.dims.length > 0) throw refused(`its variable ${name} is no single number`);
  const bytes = await readExactly(model.handle, variable.offset, TYPE_BYTES[variable.type]);
  return READERS[variable.type](bytes, 0);
}

async function readExactly(handle: FileHandle, offset: number, count: number): Promise<Buffer> {
  // Not `allocUnsafe`: the buffer is viewed as numbers, so it must not be a slice of Node's pool.
  const bytes = Buffer.from(new ArrayBuffer(count));
  let done = 0;
  while (done < count) {
    const { bytesRead } = await handle.read(bytes, done, count - done, offset + done);
    if (bytesRead === 0) throw refused('its model.bin became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}
