import { describe, expect, it } from '@jest/globals';
import { parseParameters } from '../http/invalid-parameter.ts';
import { parseModelMap } from '../settings/model-map.ts';
import { ignoredIn, recordingQuery } from './listen-query.ts';
import { askedShapeOf, recordingOptionsOf } from './recording-options.ts';

const MODELS = parseModelMap('');
const parsed = (query: Record<string, unknown>) => parseParameters(recordingQuery, query);
const options = (query: Record<string, unknown>) => recordingOptionsOf(parsed(query), MODELS);
const shape = (query: Record<string, unknown>) => askedShapeOf(parsed(query));

describe('the query of /v1/listen', () => {
  it('without anything is what Deepgram does then', () => {
    expect(options({})).toMatchObject({
      run: { language: null, model: null },
      delivery: { wording: { disfluencies: false } },
    });
    expect(shape({})).toMatchObject({
      isPunctuated: false,
      hasSpeakers: false,
      hasParagraphs: false,
      utteranceSplitMs: null,
      isLanguageDetected: true,
    });
  });

  it.each([
    [{ language: 'en-US' }, { language: 'en' }, false],
    [{ language: 'multi' }, { language: null, multilingual: true }, false],
    [{ detect_language: 'true' }, { language: null }, true],
    [{ detect_language: ['de', 'en'] }, { language: null, languages: ['de', 'en'] }, true],
    [{ detect_language: 'de', language: 'fr' }, { language: 'fr' }, false],
  ])('%j is a wish for a language', (query, run, isLanguageDetected) => {
    expect(options(query).run).toMatchObject(run);
    expect(shape(query)).toMatchObject({ isLanguageDetected });
  });

  it('has words to expect, of both kinds', () => {
    const { run } = options({ keyterm: ['Sotto', 'two words'], keywords: ['Anna:9', 'Ben', 'rare:-3', 'Sotto:2'] });
    expect(run.keyterms).toEqual([
      { text: 'Anna', weight: 4 },
      { text: 'Ben' },
      { text: 'Sotto', weight: 2 },
      { text: 'two words' },
    ]);
  });

  it('has wishes for how it is written', () => {
    expect(
      shape({ smart_format: 'true', filler_words: '1', profanity_filter: 'true', replace: ['a:b', 'c'] }),
    ).toMatchObject({
      isPunctuated: true,
      hasParagraphs: true,
      wording: {
        numbers: 'digits',
        disfluencies: true,
        profanity: 'mask',
        replace: [
          { from: 'a', to: 'b' },
          { from: 'c', to: '' },
        ],
      },
    });
    expect(shape({ smart_format: 'true', numerals: 'false' }).wording.numbers).toBe('keep');
    expect(shape({ utterances: 'true', utt_split: '0.5' }).utteranceSplitMs).toBe(500);
  });

  it('has voices or channels', () => {
    expect(options({ diarize: 'true' }).run.speakers).toEqual({});
    expect(options({ diarize_model: 'latest' }).run.speakers).toEqual({});
    expect(options({ multichannel: 'true' }).run.channels).toBe('split');
    expect(() => options({ multichannel: 'true', diarize: 'true' })).toThrow('invalid_parameter');
  });

  it.each([
    { redact: 'pci' },
    { redact: ['false', 'numbers'] },
    { callback: 'https://example.com' },
    { detect_entities: 'true' },
    { keywords: '!:2' },
    { replace: ':b' },
    { punctuate: 'perhaps' },
    { utt_split: '-1' },
    { detect_language: 'klingon' },
  ])('%j is refused', (query) => {
    expect(() => options(query)).toThrow('invalid_parameter');
  });

  it('may have what is false anyway, and what nobody knows', () => {
    const query = { redact: 'false', search: '', tier: 'nova', mip_opt_out: 'true', punctuate: '' };
    expect(() => options(query)).not.toThrow();
    expect(ignoredIn(query, recordingQuery)).toEqual(['tier']);
  });
});
