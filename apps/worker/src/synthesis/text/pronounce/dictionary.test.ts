import { describe, expect, it } from '@jest/globals';
import type { Pronunciation } from '@sotto/contracts';
import fc from 'fast-check';
import { scriptOf } from '../script-of.ts';
import { Dictionary } from './dictionary.ts';

const script = (text: string, entries: readonly Pronunciation[], language = 'en') =>
  scriptOf(text, { format: 'text', language, dictionary: new Dictionary(entries) });

const spoken = (text: string, entries: readonly Pronunciation[], language = 'en') =>
  script(text, entries, language)
    .utterances.map((one) => one.spoken)
    .join(' ');

const said = (text: string, words: Record<string, string>) =>
  spoken(
    text,
    Object.entries(words).map(([word, say]) => ({ word, say })),
  );

const TOMATO = [{ word: 'tomato', ipa: 'təˈmɑːtəʊ' }];

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

  it('reads nothing that it says again, so it cannot loop', () => {
    expect(said('a b', { a: 'b', b: 'a' })).toBe('b a');
    expect(said('a', { a: 'a 5 a' })).toBe('a 5 a');
  });

  it('has words of a language only there, the narrowest first', () => {
    const entries = [
      { word: 'chat', say: 'one' },
      { word: 'chat', say: 'two', language: 'fr' },
      { word: 'chat', say: 'three', language: 'fr-ca' },
    ];
    const by = ['en-us', 'fr', 'fr-FR', 'fr-CA'].map((language) => spoken('chat', entries, language));
    expect(by).toEqual(['one', 'two', 'two', 'three']);
    expect(spoken('chat', entries.slice(1), 'en-us')).toBe('chat');
  });

  it('spells phonemes in English, and else reads the word, and says so', () => {
    expect(spoken('tomato', TOMATO)).toBe('tuh-mah-toh');
    expect(spoken('tomato', TOMATO, 'de')).toBe('tomato');
    const codes = ['en', 'de'].flatMap((language) => script('tomato', TOMATO, language).warnings);
    expect(codes.map(({ code }) => code)).toEqual(['phonemes_respelled', 'phonemes_not_used']);
    expect(script('potato', TOMATO).warnings).toEqual([]);
  });

  it('gives way to markup', () => {
    const text = '<speak><sub alias="x">SQL</sub> SQL</speak>';
    const dictionary = new Dictionary([{ word: 'sql', say: 'sequel' }]);
    const [one] = scriptOf(text, { format: 'ssml', language: 'en', dictionary }).utterances;
    expect(one?.spoken).toBe('x sequel');
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

  it('of any words, in any text, changes only what it has, in order', () => {
    const entries = fc.array(
      fc.record({ word: fc.string({ unit: 'binary', minLength: 1 }), say: fc.constant('said') }),
    );
    fc.assert(
      fc.property(entries, fc.string({ unit: 'binary' }), (words, text) => {
        const changes = new Dictionary(words).changes(text, 'en', [], () => {});
        let free = 0;
        for (const { start, end } of changes) {
          expect(start).toBeGreaterThanOrEqual(free);
          const written = text.slice(start, end);
          expect(words.some(({ word }) => word === written || word === written.toLowerCase())).toBe(true);
          free = end;
        }
      }),
    );
  });
});
