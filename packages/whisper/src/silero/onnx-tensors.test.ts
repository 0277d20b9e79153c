import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readOnnxGraphs } from './onnx-tensors.ts';

type Content = number | Uint8Array | string;

/** A message of protobuf: field numbers and what they hold. */
function message(...fields: [number: number, content: Content][]): Uint8Array {
  return Buffer.concat(
    fields.map(([number, content]) => {
      if (typeof content === 'number') return Buffer.from([...varint(number * 8), ...varint(content)]);
      const bytes = Buffer.from(content);
      return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
    }),
  );
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...varint(Math.floor(value / 128))];
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const named = (name: string, dims: number[], values: number[]) =>
  message(...dims.map((dim): [number, Content] => [1, dim]), [2, 1], [8, name], [9, floats(...values)]);
const constant = (output: string, tensor: Uint8Array) =>
  message([2, output], [4, 'Constant'], [5, message([1, 'value'], [5, tensor])]);
const model = (...graph: [number, Content][]) => message([1, 8], [7, message(...graph)]);

/** What a graph has, and one of its branches. */
const EXAMPLE = model(
  [5, named('initial', [2, 1], [1, -2])],
  [1, constant('constant', named('', [], [0.5]))],
  [1, message([4, 'If'], [5, message([1, 'then_branch'], [6, message([1, constant('inner', named('', [1], [7]))])])])],
);

describe('readOnnxGraphs', () => {
  it('finds initialisers, constants and those of branches', () => {
    expect(readOnnxGraphs(EXAMPLE)).toEqual([
      new Map([
        ['initial', { shape: [2, 1], values: Float32Array.of(1, -2) }],
        ['constant', { shape: [], values: Float32Array.of(0.5) }],
      ]),
      new Map([['inner', { shape: [1], values: Float32Array.of(7) }]]),
    ]);
  });

  it('reads packed shapes and values, and passes over tensors of other types', () => {
    const packed = message([1, Uint8Array.of(0x80, 2, 1)], [2, 1], [4, new Uint8Array(1024)], [8, 'packed']);
    const whole = message([1, 1], [2, 7], [8, 'whole'], [9, new Uint8Array(8)]);
    const [graph] = readOnnxGraphs(model([5, packed], [5, whole]));
    expect([...(graph ?? [])].map(([name, { shape }]) => ({ name, shape }))).toEqual([
      { name: 'packed', shape: [256, 1] },
    ]);
  });

  it('refuses a tensor that has not the bytes of its shape', () => {
    for (const dims of [[3], [1], [2, 2], [2 ** 40, 2 ** 40]]) {
      expect(() => readOnnxGraphs(model([5, named('wrong', dims, [1, 2])]))).toThrow(
        /wrong has 8 bytes, its shape needs/,
      );
    }
  });

  it('refuses or reads whatever it is given, and never reads beyond it', () => {
    const damaged = fc
      .tuple(fc.nat(EXAMPLE.length), fc.nat(EXAMPLE.length - 1), fc.nat(255))
      .map(([length, at, byte]) => Uint8Array.from(EXAMPLE, (old, i) => (i === at ? byte : old)).subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          for (const tensor of readOnnxGraphs(bytes).flatMap((graph) => [...graph.values()])) {
            expect(tensor.values.byteLength).toBeLessThanOrEqual(bytes.length);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
