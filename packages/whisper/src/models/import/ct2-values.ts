import type { Ct2Model, Ct2Variable } from './ct2-file.ts';
import type { Ct2Source } from './ct2-names.ts';
import { valuesOf } from './foreign-model.ts';
import { chunkOfRows, encode, readExactly, TYPE_BYTES, toSingles } from './number-types.ts';
import { refused } from './refusal.ts';

/** What a quantised variable's integers are divided by: one number per row, or one for all. */
interface Scale {
  perRow: Float32Array;
  rowLength: number;
}

/** The variable, checked to be there and to have the given number of values in all its slices together. */
function requireVariable(model: Ct2Model, { variable: name, parts }: Ct2Source, values: number): Ct2Variable {
  const variable = model.variables.get(name);
  if (!variable) throw refused(`it has no variable ${name}`);
  if (valuesOf(variable.dims) !== values * parts) throw refused(`its variable ${name} is ${variable.dims.join(' x ')}`);
  return variable;
}

/** The part of a variable that is one of ggml's tensors. */
export interface Ct2Slice extends Ct2Source {
  /** Outermost first. */
  shape: readonly number[];
  /** float32 instead of float16. */
  single: boolean;
}

/**
 * Streams the values of one tensor as float16 or float32, little endian, in chunks of whole rows. Integers are
 * dequantised with the `_scale` beside them (CTranslate2 multiplies by it when it quantises).
 */
export async function* tensorBytes(model: Ct2Model, slice: Ct2Slice): AsyncGenerator<Buffer> {
  const values = valuesOf(slice.shape);
  const variable = requireVariable(model, slice, values);
  const size = TYPE_BYTES[variable.type];
  const scale = await readScale(model, variable);
  const first = slice.part * values;
  const chunk = chunkOfRows(slice.shape.at(-1) ?? 1);
  for (let at = first; at < first + values; at += chunk) {
    const count = Math.min(chunk, first + values - at);
    const bytes = await readExactly(model.handle, variable.offset + at * size, count * size, 'model.bin');
    yield convert(bytes, { variable, first: at, scale, single: slice.single });
  }
}

interface Chunk {
  variable: Ct2Variable;
  /** Index of the chunk's first value in the variable. */
  first: number;
  scale: Scale | null;
  single: boolean;
}

function convert(bytes: Buffer, { variable, first, scale, single }: Chunk): Buffer {
  if (variable.type === (single ? 'f32' : 'f16')) return bytes;
  const numbers = toSingles(bytes, variable.type);
  if (scale) dequantise(numbers, first, scale);
  return encode(numbers, single, variable.name);
}

function dequantise(numbers: Float32Array, first: number, { perRow, rowLength }: Scale): void {
  for (let i = 0; i < numbers.length; i++) {
    const row = perRow.length === 1 ? 0 : Math.floor((first + i) / rowLength);
    numbers[i] = (numbers[i] as number) / (perRow[row] as number);
  }
}

async function readScale(model: Ct2Model, variable: Ct2Variable): Promise<Scale | null> {
  if (!variable.type.startsWith('i')) return null;
  const scale = model.variables.get(`${variable.name}_scale`);
  if (!scale) throw refused(`its variable ${variable.name} is quantised (${variable.type}) and has no scale`);
  const rows = valuesOf(scale.dims);
  const oneForAll = rows === 1;
  if ((!oneForAll && rows !== variable.dims[0]) || scale.type !== 'f32') {
    throw refused(`its variable ${scale.name} is no list of one float32 per row`);
  }
  const bytes = await readExactly(model.handle, scale.offset, rows * 4, 'model.bin');
  const perRow = toSingles(bytes, 'f32');
  if (perRow.some((value) => value === 0)) throw refused(`its variable ${scale.name} has a zero`);
  return { perRow, rowLength: valuesOf(variable.dims.slice(1)) };
}

/** A number that CTranslate2 stores as a variable without dimensions; null when it is not there. */
export async function scalar(model: Ct2Model, name: string): Promise<number | null> {
  const variable = model.variables.get(name);
  if (!variable) return null;
  if (variable.dims.length > 0) throw refused(`its variable ${name} is no single number`);
  const bytes = await readExactly(model.handle, variable.offset, TYPE_BYTES[variable.type], 'model.bin');
  return toSingles(bytes, variable.type)[0] ?? null;
}
