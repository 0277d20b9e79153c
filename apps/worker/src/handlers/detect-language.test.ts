import { describe, expect, it } from '@jest/globals';
import { among, likeliest } from './detect-language.ts';

describe('likeliest', () => {
  it('takes the highest mean, not the loudest single voice, and tells the next', () => {
    const { language, probability, runnerUp } = likeliest([
      { en: 0.4, de: 0.6 },
      { en: 0.9, de: 0.1 },
      { en: 0.5, de: 0.5 },
    ]);
    expect(language).toBe('en');
    expect(probability).toBeCloseTo(0.6);
    expect(runnerUp).toEqual({ language: 'de', probability: expect.closeTo(0.4) });
  });
});

describe('among', () => {
  it('leaves out what is no language of ours', () => {
    expect(among({ xx: 0.9, es: 0.1 })).toEqual({ es: 0.1 });
  });

  it('shares all probability among the languages that are possible', () => {
    expect(among({ en: 0.6, de: 0.3, fr: 0.1 }, ['de', 'fr'])).toEqual({
      de: expect.closeTo(0.75),
      fr: expect.closeTo(0.25),
    });
  });

  it('takes all where the model knows none of them', () => {
    expect(among({ en: 1 }, ['yue'])).toEqual({ en: 1 });
  });
});
