import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldsOf } from './protobuf.ts';
import { bytesField, numberField } from './protobuf-write.ts';

describe('fieldsOf', () => {
  it('gives numbers and bytes, also those of fixed length', () => {
    const bytes = Uint8Array.of(0x08, 0xac, 0x02, 0x15, 1, 2, 3, 4, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 1, 9);
    expect([...fieldsOf(bytes)].map(({ number, value }) => ({ number, value }))).toEqual([
      { number: 1, value: 300 },
      { number: 2, value: Uint8Array.of(1, 2, 3, 4) },
      { number: 3, value: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      { number: 4, value: Uint8Array.of(9) },
    ]);
  });

  it('refuses what ends early, a number without an end, and types there are not', () => {
    expect(() => [...fieldsOf(Uint8Array.of(0x22, 5, 1))]).toThrow('5 bytes are claimed where 1 are left');
    expect(() => [...fieldsOf(Uint8Array.of(0x80))]).toThrow('it ends inside a number');
    expect(() => [...fieldsOf(new Uint8Array(20).fill(0x80))]).toThrow('too long');
    expect(() => [...fieldsOf(Uint8Array.of(0x0b))]).toThrow('unknown field 1 of type 3');
  });

  it('reads what is written, and gives each field as it is stored', () => {
    const numbers = fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat(2 ** 40)));
    fc.assert(
      fc.property(numbers, fc.uint8Array(), (fields, bytes) => {
        const message = Buffer.concat([...fields.map((field) => numberField(...field)), bytesField(7, bytes)]);
        const read = [...fieldsOf(message)];
        expect(read.slice(0, -1).map(({ number, value }) => [number, value])).toEqual(fields);
        expect(Buffer.from(read.at(-1)?.value as Uint8Array).equals(bytes)).toBe(true);
        expect(Buffer.concat(read.map(({ stored }) => stored)).equals(message)).toBe(true);
      }),
    );
    expect(Buffer.from(numberField(1, -1)).toString('hex')).toBe('08ffffffffffffffffff01');
  });
});
