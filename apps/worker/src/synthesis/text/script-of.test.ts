import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scriptOf } from './script-of.ts';

const english = (text: string) => scriptOf(text, { format: 'text', language: 'en' }).utterances;
const spoken = (text: string) => english(text).map((one) => one.spoken);

describe('a text as it is spoken', () => {
  it('is read sentence by sentence, with pauses by what ends it', () => {
    expect(
      english('One thing. Another!\n\nThe next paragraph: it ends.').map((one) => [one.shown, one.pauseMs]),
    ).toEqual([
      ['One thing.', 300],
      ['Another!', 600],
      ['The next paragraph: it ends.', 0],
    ]);
  });

  it('keeps what was written beside what is said', () => {
    expect(english('Dr. Who met Mrs. Doe.')).toEqual([
      expect.objectContaining({ shown: 'Dr. Who met Mrs. Doe.', spoken: 'Doctor Who met Missus Doe.' }),
    ]);
  });

  it('does not end a sentence with an abbreviation', () => {
    expect(spoken('The U.S. army came at 5 p.m. There it slept, e.g. in tents, vs. houses.')).toEqual([
      'The U S army came at five PM.',
      'There it slept, for example in tents, versus houses.',
    ]);
  });

  it('joins lines that were only wrapped, and keeps others', () => {
    const wrapped = 'It was the best of times, it was the worst\nof times, it was the age of wisdom.';
    expect(spoken(wrapped)).toEqual(['It was the best of times, it was the worst of times, it was the age of wisdom.']);
    expect(spoken('Eggs\nMilk,\nBread')).toEqual(['Eggs', 'Milk,', 'Bread']);
    expect(english('Eggs\nMilk,\nBread').map((one) => one.pauseMs)).toEqual([300, 120, 0]);
  });

  it.each(['', '  \n ', '...', '\u0000\u0007', '\uD800', '— ! ?'])('has nothing to say: %j', (text) => {
    expect(() => english(text)).toThrow('There is nothing to say in the text.');
  });

  it('counts characters as people do', () => {
    expect(scriptOf('Hi 😀.  Yes.\n', { format: 'text', language: 'en' }).characters).toBe(9);
  });

  it('says something of any text, without what would break what follows', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('en', 'de', 'zh', 'x-none', '??'),
        (text, language) => {
          const script = scriptOf(`a ${text}`, { format: 'text', language });
          for (const { shown, spoken: said, pauseMs } of script.utterances) {
            expect(said).toMatch(/[\p{L}\p{N}]/u);
            for (const one of [shown, said]) {
              expect(one).not.toMatch(/[\p{Cc}\p{Cs}]/u);
            }
            expect(pauseMs).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
