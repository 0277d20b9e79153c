import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
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
    expect(run).toEqual({
      ...{ language: null, model: null, task: 'transcribe', temperature: 0, beamSize: 1, prompt: null, vad: true },
    });
    expect(delivery).toEqual({
      ...{ responseFormat: 'json', granularity: 'segment', async: false, priority: null },
      ...{ cancelOnDisconnect: false, cache: true },
    });
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
    ['language', { language: 'klingon' }],
    ['response_format', { response_format: 'docx' }],
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
