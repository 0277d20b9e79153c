import { expect, it } from '@jest/globals';
import { languageWarnings } from './warning.ts';

it('warns of a doubtful language, and names the next', () => {
  const found = { language: 'no', probability: 0.52 };
  expect(languageWarnings(found, { language: 'da', probability: 0.4 })).toEqual([
    {
      code: 'language_uncertain',
      detail: expect.stringMatching(/^The language may be Norwegian \(52 %\) or Danish \(40 %\)\./),
    },
  ]);
  expect(languageWarnings(found, undefined)[0]?.detail).toMatch(/^The language may be Norwegian \(52 %\)\. /);
  expect(languageWarnings({ language: 'no', probability: 0.7 }, undefined)).toEqual([]);
  expect(languageWarnings(null, undefined)).toEqual([]);
});
