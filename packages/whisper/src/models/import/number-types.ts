import type { FileHandle } from 'node:fs/promises';
import { fromHalf, halfOfSingle, isUnusableHalf } from './half.ts';
import { refused } from './refusal.ts';

/** How the numbers of a foreign file are stored, little endian. */
export type NumberType = 'f32' | 'i8' | 'i16' | 'i32' | 'f16' | 'bf16';
export const TYPE_BYTES: Record<NumberType, number> = { f32: 4, i8: 1, i16: 2, i32: 4, f16: 2, bf16: 2 };

/** Values converted at a time: with their copies a few megabytes, whatever the model's size. */
const CHUNK_VALUES = 1 << 18;

/** The same in whole rows, so that a chunk can be quantised by itself. */
export const chunkOfRows = (rowLength: number): number => Math.max(1, Math.floor(CHUNK_VALUES / rowLength)) * rowLength;

/** Stored numbers as float32; may share their memory. `bytes` starts its own buffer, as readExactly gives it. */
export function toSingles({ buffer, length }: Buffer, type: NumberType): Float32Array {
  const count = length / TYPE_BYTES[type];
  switch (type) {
    case 'f32':
      return new Float32Array(buffer, 0, count);
    case 'i8':
      return new Float32Array(new Int8Array(buffer, 0, count));
    case 'i16':
      return new Float32Array(new Int16Array(buffer, 0, count));
    case 'i32':
      return new Float32Array(new Int32Array(buffer, 0, count));
    case 'f16':
      return new Float32Array(new Uint16Array(buffer, 0, count)).map(fromHalf);
    case 'bf16':
      // The upper half of a float32.
      return new Float32Array(new Uint32Array(new Uint16Array(buffer, 0, count)).map((bits) => bits << 16).buffer);
  }
}

/** float32 or float16 as ggml stores them. `name` is that of the variable, for the refusal of what float16 cannot hold. */
export function encode(numbers: Float32Array, single: boolean, name: string): Buffer {
  if (single) return Buffer.from(numbers.buffer);
  const bits = new Uint32Array(numbers.buffer);
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < bits.length; i++) {
    const half = halfOfSingle(bits[i] as number);
    if (isUnusableHalf(half)) throw refused(`its variable ${name} has values that float16 cannot hold`);
    halves[i] = half;
  }
  return Buffer.from(halves.buffer);
}

/** `count` bytes at an offset; `file` names it, should it have become shorter since its header was read. */
export async function readExactly(handle: FileHandle, offset: number, count: number, file: string): Promise<Buffer> {
  // Not `allocUnsafe`: the buffer is viewed as numbers, so it must not be a slice of Node's pool.
  const bytes = Buffer.from(new ArrayBuffer(count));
  let done = 0;
  while (done < count) {
    const { bytesRead } = await handle.read(bytes, done, count - done, offset + done);
    if (bytesRead === 0) throw refused(`its ${file} became shorter while it was read`);
    done += bytesRead;
  }
  return bytes;
}
