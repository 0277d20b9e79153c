import type { OnnxGraph } from './graph.ts';
import type { OnnxNode } from './node.ts';
import { ELEMENT, makeTensor, type OnnxTensor } from './tensor.ts';

/** How 8-bit weights are stored: signed or unsigned. */
export type WeightSign = 's8' | 'u8';

/** The weights of a convolution, `[out, channels, kernel]`, as the matrix `[kernel * channels, out]`. */
export function asMatrix({ name, type, shape: [out = 0, channels = 0, kernel = 0], data }: OnnxTensor): OnnxTensor {
  const matrix = new Uint8Array(data.length);
  for (let o = 0; o < out; o += 1) {
    for (let c = 0; c < channels; c += 1) {
      for (let k = 0; k < kernel; k += 1) {
        matrix[(k * channels + c) * out + o] = data[(o * channels + c) * kernel + k] ?? 0;
      }
    }
  }
  return makeTensor(name, type, [kernel * channels, out], matrix);
}

/** The same numbers under another name; unsigned ones become signed by moving them, and their zero point, down by 128. */
export function withSign({ type, shape, data }: OnnxTensor, sign: WeightSign, name: string): OnnxTensor {
  if (type !== ELEMENT.uint8 || sign === 'u8') return makeTensor(name, type, shape, data);
  return makeTensor(
    name,
    ELEMENT.int8,
    shape,
    data.map((byte) => byte ^ 0x80),
  );
}

/** Makes the constant weights of all matrix products that are there signed. */
export function signedWeights(nodes: readonly OnnxNode[], graph: OnnxGraph): void {
  const products = nodes.filter(({ op }) => op === 'MatMulInteger');
  const names = new Set(products.flatMap(({ input: [, weight, , zero] }) => [weight, zero]));
  for (const name of names) {
    const tensor = name === undefined ? undefined : graph.tensors.get(name);
    if (tensor) graph.tensors.set(tensor.name, withSign(tensor, 's8', tensor.name));
  }
}
