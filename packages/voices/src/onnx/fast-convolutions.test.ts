import { describe, expect, it } from '@jest/globals';
import { bytesField, fieldsOf } from '@sotto/model-files';
import fc from 'fast-check';
import { withFastConvolutions } from './fast-convolutions.ts';
import { metadataToAppend, readOnnxModel } from './model.ts';
import { makeNode } from './node.ts';
import { asMatrix, type WeightSign, withSign } from './quantised-weights.ts';
import { ELEMENT, int64Tensor, makeTensor, readTensor } from './tensor.ts';

interface Trial {
  kernel: number;
  dilation: number;
  padding: number;
  hasBias: boolean;
}

const CHANNELS = 2;
const OUT = 3;

/** A convolution as dynamic quantisation makes them, in a graph of its own: 2 channels in, 3 out. */
function trialModel({ kernel, dilation, padding, hasBias }: Trial, weights: Uint8Array): Uint8Array {
  const float = Buffer.from(Float32Array.of(0.5, -1, 2).buffer);
  const tensors = [
    makeTensor('w', ELEMENT.uint8, [OUT, CHANNELS, kernel], weights),
    makeTensor('wz', ELEMENT.uint8, [], Uint8Array.of(128)),
    makeTensor('bias', ELEMENT.float32, [OUT], float),
    makeTensor('unused', ELEMENT.float32, [OUT], float),
  ];
  const attributes = { strides: [1], pads: [padding, padding], dilations: [dilation], group: 1 };
  const sum = hasBias ? [makeNode('Floor', ['bias'], 'b'), makeNode('Add', ['c', 'b'], 'cb')] : [];
  const nodes = [
    makeNode('ConvInteger', ['x', 'w', 'xz', 'wz'], 'c', attributes),
    ...sum,
    makeNode('Cast', [hasBias ? 'cb' : 'c'], 'f', { to: ELEMENT.float32 }),
    makeNode('Mul', ['f', 'scale'], 'y'),
  ];
  const graph = Buffer.concat([
    ...nodes.map(({ message }) => bytesField(1, message)),
    ...tensors.map(({ message }) => bytesField(5, message)),
    bytesField(12, bytesField(1, 'y')),
    bytesField(13, bytesField(1, 'c')),
  ]);
  return Buffer.concat([bytesField(7, graph), bytesField(2, 'trial')]);
}

const trial = fc.record({
  kernel: fc.integer({ min: 1, max: 4 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  padding: fc.integer({ min: 0, max: 3 }),
  hasBias: fc.boolean(),
});
const weightsOf = ({ kernel }: Trial) =>
  Uint8Array.from({ length: OUT * CHANNELS * kernel }, (_, at) => (at * 37) % 256);

describe('withFastConvolutions', () => {
  it('makes a product of each convolution, in an order in which each value is there before it is used', () => {
    fc.assert(
      fc.property(trial, fc.constantFrom<WeightSign>('s8', 'u8'), (each, sign) => {
        const { file, rewritten } = withFastConvolutions(trialModel(each, weightsOf(each)), sign);
        const { nodes, tensors, outputs } = readOnnxModel(file);
        expect([rewritten, outputs]).toEqual([1, ['y']]);
        const ops = nodes.map(({ op }) => op);
        expect(ops).not.toContain('ConvInteger');
        expect(ops.filter((op) => op === 'Slice')).toHaveLength(each.kernel === 1 ? 0 : each.kernel);
        expect(ops.includes('Pad')).toBe(each.padding > 0);
        expect(ops.includes('Add')).toBe(each.hasBias);
        const known = new Set(['', 'x', 'xz', 'scale', ...tensors.keys()]);
        for (const { input, output } of nodes) {
          expect(input.filter((name) => !known.has(name))).toEqual([]);
          for (const name of output) known.add(name);
        }
        expect(known.has('y')).toBe(true);
        expect(tensors.has('unused')).toBe(false);
        expect(tensors.get(`w_matrix`)).toMatchObject({
          type: sign === 's8' ? ELEMENT.int8 : ELEMENT.uint8,
          shape: [each.kernel * CHANNELS, OUT],
        });
      }),
    );
  });

  it('leaves other convolutions and everything else as it is', () => {
    const strided = makeNode('ConvInteger', ['x', 'w', 'xz', 'wz'], 'y', { strides: [2] });
    const graph = Buffer.concat([
      bytesField(1, strided.message),
      bytesField(12, bytesField(1, 'y')),
      bytesField(2, 'name'),
    ]);
    const file = Buffer.concat([bytesField(7, graph), metadataToAppend({ a: 1 })]);
    const { file: written, rewritten } = withFastConvolutions(file, 's8');
    expect(rewritten).toBe(0);
    const sorted = (bytes: Uint8Array) =>
      [...fieldsOf(bytes)].map(({ stored }) => Buffer.from(stored).toString('hex')).sort();
    expect(sorted(written)).toEqual(sorted(file));
  });

  it('refuses a chain that it does not know, and whatever is no model', () => {
    const odd = [makeNode('ConvInteger', ['x', 'w'], 'c'), makeNode('Relu', ['c'], 'r'), makeNode('Relu', ['r'], 'y')];
    const graph = Buffer.concat(odd.map(({ message }) => bytesField(1, message)));
    expect(() => withFastConvolutions(bytesField(7, graph), 's8')).toThrow(/come Relu and Relu/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          withFastConvolutions(bytes, 'u8');
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('weights', () => {
  it('are the same numbers when they are signed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2 }), (bytes) => {
        const signed = withSign(makeTensor('w', ELEMENT.uint8, [bytes.length], bytes), 's8', 'w');
        expect(signed.type).toBe(ELEMENT.int8);
        expect([...new Int8Array(signed.data)].map((each) => each + 128)).toEqual([...bytes]);
      }),
    );
  });

  it('of a convolution and of its matrix give the same sums', () => {
    fc.assert(
      fc.property(trial, fc.infiniteStream(fc.nat(255)), (each, values) => {
        const next = () => Number(values.next().value);
        const weight = weightsOf(each);
        const matrix = asMatrix(makeTensor('w', ELEMENT.uint8, [OUT, CHANNELS, each.kernel], weight));
        const seen = Array.from({ length: each.kernel }, () => [next(), next()]);
        for (let out = 0; out < OUT; out += 1) {
          let [convolved, multiplied] = [0, 0];
          for (const [k, channels] of seen.entries()) {
            for (const [c, value] of channels.entries()) {
              convolved += value * (weight[(out * CHANNELS + c) * each.kernel + k] ?? 0);
              multiplied += value * (matrix.data[(k * CHANNELS + c) * OUT + out] ?? 0);
            }
          }
          expect(multiplied).toBe(convolved);
        }
      }),
    );
  });
});

describe('tensors', () => {
  it('are read as they were made', () => {
    const made = int64Tensor('n', [0, -1, 2 ** 31 - 1]);
    expect(readTensor(made.message)).toMatchObject({ name: 'n', type: ELEMENT.int64, shape: [3], data: made.data });
    const wrong = makeTensor('w', ELEMENT.float32, [3], new Uint8Array(8));
    expect(() => readTensor(wrong.message)).toThrow('w has 8 bytes, its shape needs 12');
  });
});
