import { describe, expect, it } from '@jest/globals';
import { likeliest } from './detect-language.ts';

describe('likeliest', () => {
  it('takes the highest mean, not the loudest single voice', () => {
    const found = [
      { en: 0.4, de: 0.6 },
      { en: 0.9, de: 0.1 },
      { en: 0.5, de: 0.5 },
    ];
    const { language, probability } = likeliest(found.map((probabilities) => ({ probabilities })));
    expect(language).toBe('en');
    expect(probability).toBeCloseTo(0.6);
  });

  it('passes over what is no language of ours', () => {
    expect(likeliest([{ probabilities: { xx: 0.9, es: 0.1 } }])).toEqual({ language: 'es', probability: 0.1 });
  });
});
