import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  MAX_PRONUNCIATIONS,
  MAX_PRONUNCIATIONS_CHARACTERS,
  MAX_SAID_CHARACTERS,
  MAX_WORD_CHARACTERS,
  mergePronunciations,
  pronunciationsSchema,
} from './pronunciations.ts';

const problems = (value: unknown) =>
  (pronunciationsSchema.safeParse(value).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );

it('takes what is said, sounds and languages, in one form', () => {
  const entries = [
    { word: ' tomato ', ipa: '/təˈmɑːtəʊ/', language: 'en_GB' },
    { word: 'New  York', say: 'Big Apple' },
  ];
  expect(pronunciationsSchema.parse(entries)).toEqual([
    { word: 'New York', say: 'Big Apple' },
    { word: 'tomato', ipa: 'təˈmɑːtəʊ', language: 'en-gb' },
  ]);
});

it('knows the same entries in any order; of two for a word the later one counts', () => {
  const words = fc.constantFrom('SQL', 'sql', 'Zoe\u0308', 'Zo\u00eb');
  const entry = fc.record({ word: words, say: fc.constantFrom('a', 'b') });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
      const once = pronunciationsSchema.parse(entries);
      expect(pronunciationsSchema.parse([...once].reverse())).toEqual(once);
      for (const { word, say } of once) {
        expect(entries.findLast((each) => each.word.normalize('NFC') === word)?.say).toBe(say);
      }
    }),
  );
});

it('keeps entries of different languages for the same word', () => {
  const all = { word: 'chat', say: 'tchat' };
  const french = { word: 'chat', say: 'cha', language: 'fr' };
  expect(mergePronunciations([all], [french], [all])).toEqual([french, all]);
});

describe('is refused, and the entry named:', () => {
  const a = (part: object) => [
    { word: 'fine', say: 'fine' },
    { word: 'SQL', ...part },
  ];
  it.each([
    ['nothing to say', a({ say: '...' }), '1 "SQL" has nothing to say'],
    ['neither', a({}), '1 "SQL" needs either say or ipa'],
    ['both', a({ say: 'sequel', ipa: 'siːkwəl' }), '1 "SQL" needs either say or ipa'],
    ['what is no sound', a({ ipa: 'siːkw3l' }), '1 "SQL" has "3" in ipa'],
    ['capitals as sounds', a({ ipa: 'SIKWEL' }), '1 "SQL" has "S" in ipa'],
    ['marks without a sound', a({ ipa: 'ˈ..' }), '1 "SQL" has no sound in ipa'],
    ['no word', a({ word: ' ', say: 'x' }), '1.word is empty'],
    ['a line break', a({ word: 'S\nQL', say: 'x' }), '1.word must not contain control characters'],
    ['half a surrogate pair', a({ say: '\ud800' }), '1.say must not contain control characters'],
    ['no language', a({ say: 'x', language: '../en' }), '1.language must be a language'],
    ['an unknown part', a({ say: 'x', alias: 'y' }), 'alias'],
    ['a megabyte', a({ say: 'x'.repeat(1 << 20) }), `1.say must have at most ${MAX_SAID_CHARACTERS} characters`],
    ['a long word', a({ word: 'x'.repeat(101), say: 'x' }), `at most ${MAX_WORD_CHARACTERS} characters`],
    ['a text', 'SQL', 'expected array'],
  ])('%s', (_, value, why) => {
    expect(problems(value).join()).toContain(why);
  });

  it('too many of them, or too much', () => {
    const many = Array.from({ length: 100_000 }, (_, at) => ({ word: `a${at}`, say: 'x' }));
    expect(problems(many)).toEqual([` must be at most ${MAX_PRONUNCIATIONS} entries`]);
    const long = many.slice(0, 200).map(({ word }) => ({ word, say: 'x'.repeat(200) }));
    expect(problems(long)).toEqual([` must have at most ${MAX_PRONUNCIATIONS_CHARACTERS} characters in all`]);
  });
});
