import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromColumns, toColumns } from './columns.ts';

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const thereAndBack = (value: unknown) => fromColumns(asJson(toColumns(value)));

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.float(),
  fc.constantFrom(0, -0, 0.1, Math.fround(0.1), 2 ** 53, 2 ** 60, Number.MIN_VALUE, Number.MAX_VALUE),
);
const word = fc.record({ word: fc.string(), startMs: fc.nat(), confidence: number }, { requiredKeys: ['word'] });
const segment = fc.record({ id: fc.nat(), tokens: fc.array(fc.nat()), words: fc.array(word), note: fc.option(word) });

describe('columns', () => {
  it('keep any JSON as it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(thereAndBack(value)).toEqual(asJson(value))));
  });

  it('keep lists of objects, of lists and of numbers as they are', () => {
    const any = fc.oneof(fc.array(segment), fc.array(word), fc.array(number), fc.array(fc.array(number)));
    fc.assert(
      fc.property(any, (value) => expect(thereAndBack(value)).toEqual(asJson(value))),
      { numRuns: 1000 },
    );
  });

  it.each([
    [[{ a: undefined, b: 1 }, { b: 2 }]],
    [[{ a: undefined }, { a: undefined }]],
    [[{}, {}]],
    [[{ a: 1 }, { a: undefined }]],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
    [[JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":2}')]],
    [[['list'], ['objects', {}]]],
    [[1, 2, 3, -(2 ** 53) + 1, 2 ** 53 - 2, 2 ** 53 - 1, 2 ** 53 - 1]],
    [[1, null]],
    [[-0, 1]],
    [[1, Number.NaN]],
    [[{ a: 1 }, [1]]],
  ])('keep %j as JSON would', (value) => {
    expect(thereAndBack(value)).toEqual(asJson(value));
    expect(JSON.stringify(thereAndBack(value))).toBe(JSON.stringify(value));
  });

  it('lay like beside like', () => {
    const words = [
      { word: ' one', startMs: 1_000_120, confidence: Math.fround(0.9) },
      { word: ' two', startMs: 1_000_480, confidence: 0.25 },
      { word: ' six', startMs: 1_000_900, confidence: 0.123456789 },
    ];
    expect(toColumns([{ words }, { words: [] }])).toEqual([
      'objects',
      {
        words: [
          'lists',
          ['list', 3, 0],
          [
            'objects',
            {
              word: ['list', ' one', ' two', ' six'],
              startMs: ['differences', 1_000_120, 360, 420],
              confidence: ['floats', 0.89999998, 0.25, '0.123456789'],
            },
          ],
        ],
      },
    ]);
  });
});
