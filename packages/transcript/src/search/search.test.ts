import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyTranscript, evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { transcriptWords } from '../captions/transcript-words.ts';
import { hasTerms, searchTranscript } from './search.ts';
import { terms } from './terms.ts';

const EVERYTHING = { limit: 1000, contextWords: 3 };

/** Segments of words of 500 ms each, ten seconds apart. */
function said(...texts: string[]) {
  const segments = texts.map((text, id) => segmentOf(evenWords(text, id * 10_000, 500), id));
  return transcriptOf(segments, texts.length * 10_000);
}

const found = (text: string, query: string) =>
  searchTranscript(said(text), query, EVERYTHING)?.matches.map((match) => match.text);

describe('searchTranscript', () => {
  it('gives words their times and what stands around them', () => {
    const transcript = said(' Ask not what your country can do for you,', ' ask what you can do for your country.');
    expect(searchTranscript(transcript, 'your country', EVERYTHING)).toEqual({
      total: 2,
      matches: [
        { startMs: 1500, endMs: 2500, text: 'your country', before: 'Ask not what', after: 'can do for', segmentId: 0 },
        { startMs: 13_000, endMs: 14_000, text: 'your country.', before: 'can do for', after: '', segmentId: 1 },
      ],
    });
  });

  it('finds a phrase over the end of a segment', () => {
    const transcript = said(' We shall fight', 'on the beaches');
    expect(searchTranscript(transcript, 'fight, on', { limit: 1, contextWords: 0 })).toEqual({
      total: 1,
      matches: [{ startMs: 1000, endMs: 10_500, text: 'fight on', before: '', after: '', segmentId: 0 }],
    });
  });

  it('counts what it does not give', () => {
    expect(searchTranscript(said(' no no no no'), 'no', { limit: 2, contextWords: 0 })).toMatchObject({
      total: 4,
      matches: [{ startMs: 0 }, { startMs: 500 }],
    });
    expect(searchTranscript(said(' no no no'), 'no no', EVERYTHING)?.total).toBe(1);
  });

  it.each([
    ['case', ' The NATO summit', 'nato', ['NATO']],
    ['accents', ' un café très noir', 'CAFE TRES', ['café très']],
    ['accents asked for', ' un cafe noir', 'café', ['cafe']],
    ['accents written as marks', ' un cafe\u0301', 'caf\u00E9', ['cafe\u0301']],
    ['sharp s', ' die Straße', 'STRASSE', ['Straße']],
    ['strokes', ' Łódź and Tromsø', 'lodz and tromso', ['Łódź and Tromsø']],
    ['dotless and dotted i', ' İstanbul ılık', 'istanbul ilik', ['İstanbul ılık']],
    ['a final sigma', ' ΟΔΥΣΣΕΎΣ', 'οδυσσευς', ['ΟΔΥΣΣΕΎΣ']],
    ['apostrophes', ' I don’t know', "don't", ['don’t']],
    ['punctuation', ' "Well," he said', 'well he', ['"Well," he']],
    ['hyphens', ' a well-known man', 'well known', ['well-known']],
    ['width', ' ＡＢＣ', 'abc', ['ＡＢＣ']],
    ['numbers', ' about 1,000.50 dollars', '1,000.50', ['1,000.50']],
    ['Arabic vowels and stretching', ' السَّلَامُ عليكـم', 'السلام عليكم', ['السَّلَامُ عليكـم']],
    ['Hebrew points', ' שָׁלוֹם', 'שלום', ['שָׁלוֹם']],
    ['control characters', ' hel\u0000lo', 'hello', ['hello']],
    ['yo', ' Всё ещё', 'все еще', ['Всё ещё']],
    ['Hangul', ' 한국어를 배워요', '한국어를', ['한국어를']],
  ])('minds no %s', (_what, text, query, expected) => {
    expect(found(text, query)).toEqual(expected);
  });

  it.each([
    ['a part of a word', ' a cathedral', 'cat'],
    ['other vowels in Hindi', ' किताब', 'कुताब'],
    ['another letter in kana', ' がいこく', 'かいこく'],
    ['words in another order', ' one two', 'two one'],
    ['words that are not side by side', ' one or two', 'one two'],
  ])('does not find %s', (_what, text, query) => {
    expect(found(text, query)).toEqual([]);
  });

  it('finds any part of a text that is written without blanks', () => {
    const characters = Array.from('我们今天去北京大学', (word, index) => ({
      word,
      startMs: index * 100,
      endMs: index * 100 + 100,
      confidence: 1,
    }));
    const transcript = transcriptOf([segmentOf(characters)], 5000);
    expect(searchTranscript(transcript, '北京', EVERYTHING)?.matches).toEqual([
      { startMs: 500, endMs: 700, text: '北京', before: '今天去', after: '大学', segmentId: 0 },
    ]);
    expect(found(' สวัสดีครับ', 'ครับ')).toEqual(['สวัสดีครับ']);
  });

  it('has nothing to look for in punctuation', () => {
    expect([' ?! ', 'one!'].map(hasTerms)).toEqual([false, true]);
    expect(searchTranscript(said(' one'), ' ?! ', EVERYTHING)).toEqual({ total: 0, matches: [] });
  });

  it('finds every row of words that is in a transcript, where it is', () => {
    const withPlace = anyTranscript.chain((transcript) => {
      const count = transcriptWords(transcript).length;
      return fc.record({
        transcript: fc.constant(transcript),
        from: fc.nat(Math.max(0, count - 1)),
        length: fc.integer({ min: 1, max: 4 }),
      });
    });
    fc.assert(
      fc.property(withPlace, ({ transcript, from, length }) => {
        const words = transcriptWords(transcript).slice(from, from + length);
        const query = words.map(({ word }) => word).join('');
        fc.pre(terms(query).length > 0 && terms(words[0]?.word ?? '').length > 0);
        const result = searchTranscript(transcript, query, EVERYTHING);
        expect(result?.total).toBeGreaterThan(0);
        for (const { text, startMs, endMs } of result?.matches ?? []) {
          expect(terms(text).join(' ')).toContain(terms(query).join(' '));
          expect(endMs).toBeGreaterThanOrEqual(startMs);
        }
      }),
      { numRuns: 300 },
    );
  });
});
