import { describe, expect, it } from '@jest/globals';
import { LANGUAGE_CODES } from '@sotto/contracts';
import fc from 'fast-check';
import { iso639of } from './iso-639.ts';

describe('languages in three letters', () => {
  it('are known of all that can be heard', () => {
    expect(['en-US', 'de', 'zh', 'haw', null, ''].map(iso639of)).toEqual(['eng', 'deu', 'zho', 'haw', 'und', 'und']);
    expect(LANGUAGE_CODES.filter((code) => iso639of(code) === 'und')).toEqual([]);
  });

  it('are three letters, whatever is asked', () => {
    fc.assert(fc.property(fc.string(), (tag) => expect(iso639of(tag)).toMatch(/^[a-z]{3}$/)));
  });
});
