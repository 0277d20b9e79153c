import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { valuesOf } from './foreign-model.ts';
import { type NumberType, readExactly, TYPE_BYTES } from './number-types.ts';
import { refused } from './refusal.ts';

/** Where a tensor lies in a safetensors file. */
export interface StoredTensor {
  name: string;
  /** Outermost first. */
  shape: number[];
  type: NumberType;
  handle: FileHandle;
  file: string;
  /** From the start of the file. */
  offset: number;
}

/** The types a Whisper can have; quantised ones (I8, F8_E4M3, ...) need what is kept elsewhere to be read. */
const TYPES: Record<string, NumberType> = { F16: 'f16', BF16: 'bf16', F32: 'f32' };
const LENGTH_BYTES = 8;
/** As in safetensors' own reader. */
const MOST_HEADER_BYTES = 100_000_000;

const size = z.int().min(0);
const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) }),
);

/**
 * Reads the header of a safetensors file and nothing of its values: u64 length, JSON of `name -> {dtype, shape,
 * data_offsets}`, then the values, without a hole (huggingface/safetensors, README "Format"). A header that lies about
 * sizes or places is refused here, so that nothing is read from where it should not be.
 */
export async function readSafetensors(handle: FileHandle, file: string): Promise<StoredTensor[]> {
  const { size: fileBytes } = await handle.stat();
  const damaged = (problem: string) => refused(`its ${file} is damaged: ${problem}`);
  if (fileBytes < LENGTH_BYTES) throw damaged('it has no header');
  const length = (await readExactly(handle, 0, LENGTH_BYTES, file)).readBigUInt64LE();
  if (length > BigInt(Math.min(MOST_HEADER_BYTES, fileBytes - LENGTH_BYTES))) {
    throw damaged(`its header claims ${length} bytes of ${fileBytes}`);
  }
  const text = (await readExactly(handle, LENGTH_BYTES, Number(length), file)).toString('utf8');
  const dataOffset = LENGTH_BYTES + Number(length);
  const tensors = entriesOf(text, damaged).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [begin, end],
      },
    ]) => {
      const type = TYPES[dtype];
      if (!type) throw refused(`its tensor ${name} is stored as ${dtype}; float16, bfloat16 and float32 are read`);
      const expected = valuesOf(shape) * TYPE_BYTES[type];
      if (end - begin !== expected) throw damaged(`${name} has ${end - begin} bytes, expected ${expected}`);
      return { name, shape, type, handle, file, offset: dataOffset + begin, end: dataOffset + end };
    },
  );
  refuseHoles(tensors, dataOffset, fileBytes, damaged);
  return tensors;
}

function entriesOf(text: string, damaged: (problem: string) => Error) {
  try {
    const { __metadata__: _, ...entries } = JSON.parse(text) as Record<string, unknown>;
    return Object.entries(headerSchema.parse(entries));
  } catch {
    throw damaged('its header cannot be read');
  }
}

/** Tensors follow each other from the header to the end of the file: none overlaps another, and nothing is cut off. */
function refuseHoles(
  tensors: (StoredTensor & { end: number })[],
  dataOffset: number,
  fileBytes: number,
  damaged: (problem: string) => Error,
): void {
  let at = dataOffset;
  for (const { name, offset, end } of [...tensors].sort((a, b) => a.offset - b.offset || a.end - b.end)) {
    if (offset !== at) throw damaged(`${name} starts at ${offset}, expected ${at}`);
    if (end > fileBytes) throw damaged(`it ends inside ${name} (truncated at ${fileBytes} bytes)`);
    at = end;
  }
  if (at !== fileBytes) throw damaged(`it goes on after its last tensor`);
}
