import fc from 'fast-check';

/** The halves of UTF-16's pairs are no characters. */
const HALVES = { from: 0xd800, count: 0x800 };

const anyCharacter = fc.nat(0x10ffff - HALVES.count).map(characterAt, placeOf);

function characterAt(place: number): string {
  return String.fromCodePoint(place < HALVES.from ? place : place + HALVES.count);
}

function placeOf(character: unknown): number {
  const code = typeof character === 'string' ? character.codePointAt(0) : undefined;
  if (code === undefined || character !== String.fromCodePoint(code)) throw new TypeError('not one character');
  if (code < HALVES.from) return code;
  if (code < HALVES.from + HALVES.count) throw new TypeError('half a character');
  return code - HALVES.count;
}

/**
 * What `fc.string({ unit: 'binary' })` gives, to the same seed the same strings. For that one fast-check makes a table of
 * all 1.1 million characters, which takes seconds in each test file that asks for it.
 */
export const anyString = (constraints: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: anyCharacter });
