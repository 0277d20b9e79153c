import type { FileHandle } from 'node:fs/promises';
import { FileReader } from '../file-reader.ts';
import { valuesOf } from './foreign-model.ts';
import { type NumberType, TYPE_BYTES } from './number-types.ts';
import { refused } from './refusal.ts';

/** CTranslate2's data types by number (ctranslate2/types.h). */
const TYPES: readonly NumberType[] = ['f32', 'i8', 'i16', 'i32', 'f16', 'bf16'];

/** Where a variable lies in model.bin. */
export interface Ct2Variable {
  name: string;
  dims: number[];
  type: NumberType;
  offset: number;
}

export interface Ct2Model {
  handle: FileHandle;
  variables: Map<string, Ct2Variable>;
}

/** Types are numbered since 4; 6 is the newest. Older files would have to be converted anew. */
const BINARY_VERSIONS = [4, 5, 6];
const MOST_VARIABLES = 20_000;
const MOST_RANK = 3;

/**
 * Reads the table of contents of CTranslate2's model.bin and nothing of its values: u32 binary version, string spec,
 * u32 revision, u32 count, then per variable string name, u8 rank, u32 sizes, u8 type, u32 bytes, values; at the end
 * u32 count of aliases, each two strings. A string is a u16 length with its NUL (CTranslate2, src/models/model.cc).
 */
export async function openCt2(handle: FileHandle): Promise<Ct2Model> {
  const { size } = await handle.stat();
  const reader = new FileReader(handle, size, (problem) => refused(`its model.bin is damaged: ${problem}`));
  const version = await reader.uint32('the version');
  if (!BINARY_VERSIONS.includes(version)) {
    throw refused(`its model.bin has format version ${version}, supported are ${BINARY_VERSIONS.join(', ')}`);
  }
  const spec = await text(reader, 'the model type');
  if (spec !== 'WhisperSpec') throw refused(`it is a ${JSON.stringify(spec)}, not a WhisperSpec`);
  await reader.uint32('the revision');
  const count = await reader.uint32('the number of variables');
  if (count > MOST_VARIABLES) throw refused(`its model.bin is damaged: it claims ${count} variables`);
  const variables = new Map<string, Ct2Variable>();
  for (let index = 0; index < count; index++) {
    const variable = await readVariable(reader, index);
    variables.set(variable.name, variable);
  }
  await readAliases(reader, variables);
  return { handle, variables };
}

async function readVariable(reader: FileReader, index: number): Promise<Ct2Variable> {
  const name = await text(reader, `variable ${index}`);
  const rank = await reader.uint8(name);
  if (rank > MOST_RANK) throw refused(`its variable ${name} has ${rank} dimensions`);
  const dims: number[] = [];
  for (let dimension = 0; dimension < rank; dimension++) dims.push(await reader.uint32(name));
  const number = await reader.uint8(name);
  const type = TYPES[number];
  if (!type) throw refused(`its variable ${name} has the unknown type ${number}`);
  const bytes = await reader.uint32(name);
  const expected = valuesOf(dims) * TYPE_BYTES[type];
  if (bytes !== expected) throw refused(`its variable ${name} has ${bytes} bytes, expected ${expected}`);
  const offset = reader.position;
  reader.skip(bytes, name);
  return { name, dims, type, offset };
}

/** Tied weights: Whisper's output projection is its embedding, and ggml knows only that. */
async function readAliases(reader: FileReader, variables: Map<string, Ct2Variable>): Promise<void> {
  const count = await reader.uint32('the aliases');
  for (let index = 0; index < count; index++) {
    const alias = await text(reader, 'an alias');
    const target = await text(reader, 'an alias');
    if (!variables.has(target)) throw refused(`its ${alias} stands for the missing ${target}`);
  }
  if (!reader.atEnd) throw refused('its model.bin goes on after its end');
}

async function text(reader: FileReader, what: string): Promise<string> {
  const length = await reader.uint16(what);
  const bytes = await reader.bytes(length, what);
  return bytes.toString('utf8').replace(/\0+$/, '');
}
