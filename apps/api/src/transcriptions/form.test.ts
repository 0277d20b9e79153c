import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS, LANGUAGE_CODES, SottoError } from '@sotto/contracts';
import { isTranscribeField, parseTranscribeForm } from './form.ts';

function refusal(fields: Record<string, unknown>): SottoError {
  try {
    parseTranscribeForm(fields);
  } catch (error) {
    if (error instanceof SottoError) return error;
  }
  throw new Error('not refused');
}

describe('parseTranscribeForm', () => {
  it('fills in what was left out or left empty', () => {
    const { run, delivery } = parseTranscribeForm({ language: '', model: ' ' });
    expect(run).toEqual(DEFAULT_RUN_OPTIONS);
    expect(delivery).toEqual({
      responseFormat: 'json',
      granularity: 'segment',
      async: false,
      priority: null,
      cancelOnDisconnect: false,
      cache: true,
    });
  });

  it('takes a choice that is the default for none, so that the work is the same', () => {
    const explicit = parseTranscribeForm({ enhance: 'off', on_window_error: 'fail', languages: '' });
    expect(explicit.run).toEqual(DEFAULT_RUN_OPTIONS);
    expect(parseTranscribeForm({ enhance: 'AUTO ' }).run).toEqual({ ...DEFAULT_RUN_OPTIONS, enhance: 'auto' });
  });

  it('reads names people use', () => {
    const { run, delivery } = parseTranscribeForm({
      language: 'German',
      response_format: 'TXT',
      async: 'yes',
      vad: '0',
    });
    expect(run).toMatchObject({ language: 'de', vad: false });
    expect(delivery).toMatchObject({ responseFormat: 'text', async: true });
  });

  it.each([
    [{ language: 'multi' }, { language: null, multilingual: true }],
    [
      { language: 'Multi', languages: 'german, en,de' },
      { language: null, multilingual: true, languages: ['de', 'en'] },
    ],
    [{ languages: '["English"]' }, { language: null, languages: ['en'] }],
    [{ languages: ' , ' }, { language: null }],
  ])('takes %o', (form, expected) => {
    const { language, languages, multilingual } = parseTranscribeForm(form).run;
    const given = Object.entries({ language, languages, multilingual }).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual(expected);
  });

  it('leaves channels together, unless they are to be split', () => {
    for (const channels of ['', 'mix', ' MIX '])
      expect(parseTranscribeForm({ channels }).run).toEqual(DEFAULT_RUN_OPTIONS);
    expect(parseTranscribeForm({ channels: 'Split' }).run).toEqual({ ...DEFAULT_RUN_OPTIONS, channels: 'split' });
    const { run } = parseTranscribeForm({ channels: 'split', diarize: 'false', response_format: 'rttm' });
    expect(run).toEqual({ ...DEFAULT_RUN_OPTIONS, channels: 'split' });
  });

  it.each([
    { channels: 'left' },
    { channels: '2' },
    { channels: 'split', diarize: 'true' },
    { channels: 'split', num_speakers: '2' },
    { channels: 'split', enhance: 'auto' },
    { channels: 'split', diarize: 'false', min_speakers: '2' },
  ])('%j is refused', (fields) => {
    expect(refusal(fields)).toMatchObject({
      code: 'invalid_parameter',
      detail: expect.stringMatching(/^(?:channels|enhance: cannot go with channels)/),
    });
  });

  it('reads what decides the decoding', () => {
    const { run } = parseTranscribeForm({
      beam_size: '5',
      best_of: '2',
      patience: '1.5',
      length_penalty: '0.5',
      suppress_tokens: '[7, -1,7]',
      condition_on_previous_text: 'true',
      hallucination_filter: 'Flag',
    });
    expect(run).toMatchObject({
      beamSize: 5,
      bestOf: 2,
      patience: 1.5,
      lengthPenalty: 0.5,
      suppressTokens: [-1, 7],
      conditionOnPreviousText: true,
      hallucinationFilter: 'flag',
    });
    expect(parseTranscribeForm({ suppress_tokens: '[]' }).run.suppressTokens).toEqual([]);
  });

  it.each([
    ['language', { language: 'klingon' }],
    ['languages', { languages: 'de,klingon' }],
    ['languages', { languages: Array.from({ length: 21 }, (_, at) => LANGUAGE_CODES[at]).join() }],
    ['best_of', { best_of: '6' }],
    ['patience', { patience: '0' }],
    ['length_penalty', { length_penalty: '-1' }],
    ['suppress_tokens', { suppress_tokens: 'the' }],
    ['suppress_tokens', { suppress_tokens: '-2' }],
    ['suppress_tokens', { suppress_tokens: '1;2' }],
    ['suppress_tokens', { suppress_tokens: Array.from({ length: 257 }, (_, id) => id).join() }],
    ['condition_on_previous_text', { condition_on_previous_text: 'perhaps' }],
    ['hallucination_filter', { hallucination_filter: 'strict' }],
    ['response_format', { response_format: 'pdf' }],
    ['min_cue_duration', { min_cue_duration: '8' }],
    ['max_line_width', { max_line_width: '9' }],
    ['temperature', { temperature: '1.5' }],
    ['temperature', { temperature: 'warm' }],
    ['beam_size', { beam_size: '0' }],
    ['async', { async: 'maybe' }],
    ['language', { language: ['de', 'en'] }],
  ])('names %s when it cannot be used', (field, fields) => {
    const error = refusal(fields);
    expect(error.code).toBe('invalid_parameter');
    expect(error.detail).toContain(field);
  });

  it('names all problems at once', () => {
    expect(refusal({ language: 'klingon', temperature: '9' }).detail).toMatch(/language.*temperature/);
  });

  it('refuses a misspelt field', () => {
    expect(refusal({ langauge: 'de' }).code).toBe('unknown_field');
    expect(isTranscribeField('langauge')).toBe(false);
    expect(isTranscribeField('language')).toBe(true);
  });
});
