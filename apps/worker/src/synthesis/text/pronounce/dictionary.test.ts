import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scriptOf } from '../script-of.ts';
import type { Pronunciations } from './dictionary.ts';

const said = (text: string, dictionary: Pronunciations, language = 'en') =>
  scriptOf(text, { format: 'text', language, dictionary })
    .utterances.map((one) => one.spoken)
    .join(' ');

describe('a dictionary', () => {
  it('comes before all rules, for whole words', () => {
    expect(said('SQL and NoSQL cost $5.', { sql: 'sequel', $5: 'a fiver' })).toBe('sequel and NoSQL cost a fiver.');
  });

  it('takes small letters for any, and capitals as they are', () => {
    expect(said('Polish the POLISH polish', { Polish: 'Poh-lish', polish: 'shine' })).toBe('Poh-lish the shine shine');
  });

  it('prefers the longest entry', () => {
    expect(said('New York, New Orleans, new', { 'new york': 'Big Apple', new: 'nu' })).toBe(
      'Big Apple, nu Orleans, nu',
    );
  });

  it('reads nothing that it says again', () => {
    expect(said('a b', { a: 'b', b: 'a' })).toBe('b a');
    expect(said('a', { a: 'a 5 a' })).toBe('a 5 a');
  });

  it('spells phonemes in English, and else the word', () => {
    expect(said('tomato', { tomato: '/təˈmɑːtəʊ/' })).toBe('tuh-mah-toh');
    expect(said('tomato', { tomato: '/təˈmɑːtəʊ/' }, 'de')).toBe('tomato');
  });

  it('gives way to markup', () => {
    const text = '<speak><sub alias="x">SQL</sub> SQL</speak>';
    const [one] = scriptOf(text, { format: 'ssml', language: 'en', dictionary: { sql: 'sequel' } }).utterances;
    expect(one?.spoken).toBe('x sequel');
  });

  it.each([
    [{ '': 'x' }, 'without a word'],
    [{ ' a': 'x' }, 'space around it'],
    [{ a: ' ' }, 'says nothing for "a"'],
    [{ a: 'x'.repeat(301) }, '300 characters'],
    [{ ['a'.repeat(101)]: 'x' }, '100 characters'],
    [Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`a${index}`, 'x'])), '2000 entries'],
  ])('is refused (%#)', (dictionary, why) => {
    expect(() => said('a', dictionary as Pronunciations)).toThrow(why);
  });

  it('leaves all other words as they are', () => {
    const words = fc.array(fc.constantFrom('aa', 'bb', 'Cc', 'dd', '.', ','), { maxLength: 20 });
    fc.assert(
      fc.property(words, (text) => {
        const expected = text.map((word) => ({ aa: 'xx', cc: 'yy' })[word.toLowerCase()] ?? word);
        expect(said(`a ${text.join(' ')}`, { aa: 'xx', cc: 'yy' })).toBe(said(`a ${expected.join(' ')}`, {}));
      }),
    );
  });
});
