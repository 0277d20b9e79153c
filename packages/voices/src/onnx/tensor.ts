import { bytesField, fieldsOf, numberField } from '@sotto/model-files';
import { messagesOf, numbersOf, textsOf } from './node.ts';

/** A constant of a graph. */
export interface OnnxTensor {
  name: string;
  /** Of `ELEMENT`, or another of onnx.proto's types. */
  type: number;
  /** Outermost first; none for a single number. */
  shape: number[];
  /** Little-endian, as many as the shape says; empty where they are stored in another way than `ELEMENT`'s types are. */
  data: Uint8Array;
  /** As it is stored. */
  message: Uint8Array;
}

export const ELEMENT = { float32: 1, uint8: 2, int8: 3, int64: 7 };
const ELEMENT_BYTES: Record<number, number> = { 1: 4, 2: 1, 3: 1, 7: 8 };
const TENSOR = { dims: 1, type: 2, int32Data: 5, name: 8, rawData: 9 };

/** @throws RangeError when its size is not that of its shape */
export function readTensor(message: Uint8Array): OnnxTensor {
  const fields = [...fieldsOf(message)];
  const [type = 0] = numbersOf(fields, TENSOR.type);
  const shape = numbersOf(fields, TENSOR.dims);
  const name = textsOf(fields, TENSOR.name)[0] ?? '';
  const isByte = type === ELEMENT.uint8 || type === ELEMENT.int8;
  const [raw] = messagesOf(fields, TENSOR.rawData);
  // Bytes may be kept as numbers instead, one for each.
  const data = raw ?? (isByte ? bytesOf(numbersOf(fields, TENSOR.int32Data), name) : new Uint8Array(0));
  const expected = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type] ?? 0);
  if (data.length > 0 && expected > 0 && data.length !== expected) {
    throw new RangeError(`the tensor ${name} has ${data.length} bytes, its shape needs ${expected}`);
  }
  return { name, type, shape, data, message };
}

function bytesOf(numbers: number[], name: string): Uint8Array {
  if (numbers.some((each) => each > 255)) throw new RangeError(`the tensor ${name} has bytes that are none`);
  return Uint8Array.from(numbers);
}

export function makeTensor(name: string, type: number, shape: number[], data: Uint8Array): OnnxTensor {
  const message = Buffer.concat([
    ...shape.map((size) => numberField(TENSOR.dims, size)),
    numberField(TENSOR.type, type),
    bytesField(TENSOR.name, name),
    bytesField(TENSOR.rawData, data),
  ]);
  return { name, type, shape, data, message };
}

export function int64Tensor(name: string, values: number[]): OnnxTensor {
  const data = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) data.writeBigInt64LE(BigInt(value), index * 8);
  return makeTensor(name, ELEMENT.int64, [values.length], data);
}
