import { readFile, writeFile } from 'node:fs/promises';
import { fromHalf, toHalf } from '../src/models/import/half.ts';

/**
 * sotto-nano with every channel twice: heads of 64 in place of 32, which is what the fast kernels are made for. It computes the
 * same function: means and variances stay as they are, sums over channels are halved where they are read.
 */
export async function widenNano(from: string, to: string): Promise<void> {
  const file = new Reader(await readFile(from));
  const parts = [header(file), file.take(file.mark - file.at)];
  while (file.at < file.bytes.length) parts.push(widened(readTensor(file)));
  await writeFile(to, Buffer.concat(parts));
}

const FACTOR = 2;
/** Places of the widths of encoder and decoder among the numbers at the head, after the magic number. */
const WIDTHS = [2, 6];
const HPARAMS = 11;

class Reader {
  readonly bytes: Buffer;
  at = 0;
  /** Where the tensors begin. */
  mark: number;
  width = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.mark = tensorsAt(bytes);
  }
  take(count: number): Buffer {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
  int32(): number {
    return this.take(4).readInt32LE();
  }
}

/** Past the numbers, the mel filters and the vocabulary. */
function tensorsAt(bytes: Buffer): number {
  let at = 4 * (1 + HPARAMS);
  at += 8 + 4 * bytes.readInt32LE(at) * bytes.readInt32LE(at + 4);
  const tokens = bytes.readInt32LE(at);
  at += 4;
  for (let token = 0; token < tokens; token++) at += 4 + bytes.readInt32LE(at);
  return at;
}

function header(file: Reader): Buffer {
  const numbers = Buffer.from(file.take(4 * (1 + HPARAMS)));
  for (const place of WIDTHS) {
    const at = 4 * (1 + place);
    file.width = numbers.readInt32LE(at);
    numbers.writeInt32LE(FACTOR * file.width, at);
  }
  return numbers;
}

interface Tensor {
  name: string;
  isHalf: boolean;
  /** Innermost first, as in the file. */
  sizes: number[];
  /** Of each dimension: how often its entries come after widening. */
  factors: number[];
  data: Buffer;
}

function readTensor(file: Reader): Tensor {
  const [rank, nameLength, type] = [file.int32(), file.int32(), file.int32()];
  const sizes = Array.from({ length: rank }, () => file.int32());
  const name = file.take(nameLength).toString('latin1');
  const count = sizes.reduce((product, size) => product * size, 1);
  const factors = sizes.map((size) => (size === file.width || size === 4 * file.width ? FACTOR : 1));
  return { name, isHalf: type === 1, sizes, factors, data: file.take(count * (type === 1 ? 2 : 4)) };
}

/** By what a tensor's values are multiplied. */
function scaleOf(name: string): number {
  // Twice the products of a query with a key, over the root of twice the width.
  if (/\.query\.bias$/.test(name)) return 1 / Math.SQRT2;
  if (/\.query\.weight$/.test(name)) return 1 / Math.SQRT2 / FACTOR;
  if (/\.(key|value|out|mlp\.[02])\.weight$|conv2\.weight$/.test(name)) return 1 / FACTOR;
  // The embedding is read twice: a token's channels go in as they are, and come out as a sum.
  return /^decoder\.ln\./.test(name) ? 1 / FACTOR : 1;
}

function widened(tensor: Tensor): Buffer {
  const { name, isHalf, sizes, factors, data } = tensor;
  const wide = sizes.map((size, dimension) => size * (factors[dimension] ?? 1));
  const size = isHalf ? 2 : 4;
  const values = Buffer.alloc(size * wide.reduce((product, each) => product * each, 1));
  const scaled = scaler(tensor);
  for (let to = 0; to < values.length; to += size) {
    const from = size * source(to / size, wide, tensor);
    if (isHalf) values.writeUInt16LE(scaled(data.readUInt16LE(from)), to);
    else values.writeFloatLE(scaled(data.readFloatLE(from)), to);
  }
  const head = [sizes.length, name.length, isHalf ? 1 : 0, ...wide];
  return Buffer.concat([Buffer.from(Int32Array.from(head).buffer), Buffer.from(name, 'latin1'), values]);
}

function scaler({ name, isHalf }: Tensor): (value: number) => number {
  const scale = scaleOf(name);
  if (scale === 1) return (value) => value;
  return isHalf ? (bits) => toHalf(scale * fromHalf(bits)) : (value) => scale * value;
}

/** The place that a place of the widened tensor is a copy of. */
function source(place: number, wide: readonly number[], { sizes, factors }: Tensor): number {
  let from = 0;
  let stride = 1;
  let rest = place;
  for (const [dimension, size] of sizes.entries()) {
    const width = wide[dimension] ?? 1;
    from += stride * Math.floor((rest % width) / (factors[dimension] ?? 1));
    rest = Math.floor(rest / width);
    stride *= size;
  }
  return from;
}
