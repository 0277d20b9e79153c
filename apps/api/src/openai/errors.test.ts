import { describe, expect, it } from '@jest/globals';
import { ERROR_CATALOG, type ErrorCode, SottoError } from '@sotto/contracts';
import { invalidParameters } from '../http/invalid-parameter.ts';
import { ANONYMOUS } from '../http/principal.ts';
import { openAiErrorSchema, openAiErrors, openAiErrorsOf } from './errors.ts';

const answer = (error: SottoError, principal = ANONYMOUS) =>
  openAiErrors.answer(error, { requestId: 'request', principal });

describe('errors for OpenAI clients', () => {
  it.each(Object.keys(ERROR_CATALOG) as ErrorCode[])('%s has their shape and the status the document tells', (code) => {
    const { status, body, headers } = answer(new SottoError(code, 'Because.'), { ...ANONYMOUS, keyId: 'first' });
    expect(openAiErrorSchema.strict().parse(body).error.message).toBe(`${ERROR_CATALOG[code].message} Because.`);
    expect(status).toBe(openAiErrors.statusOf(code));
    expect(status).not.toBe(422);
    expect(headers['X-Should-Retry']).toBe(String(ERROR_CATALOG[code].retryable));
  });

  it('a wrong key is 401; a key that may not do it is 403', () => {
    const forbidden = new SottoError('forbidden', 'No.');
    expect(answer(forbidden)).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
    const known = { ...ANONYMOUS, keyId: 'first' };
    expect(answer(forbidden, known)).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  it('names the parameter', () => {
    const error = invalidParameters([
      { field: 'include.0', problem: 'x' },
      { field: 'language', problem: 'y' },
    ]);
    expect(answer(error).body).toMatchObject({ error: { param: 'include', type: 'invalid_request_error' } });
    expect(answer(new SottoError('empty_file', 'x')).body).toMatchObject({ error: { param: 'file' } });
    expect(answer(new SottoError('queue_unavailable', 'x')).body).toMatchObject({
      error: { param: null, type: 'server_error' },
    });
  });

  it('names the field of the door that has the recording', () => {
    const unusable = new SottoError('sample_not_usable', 'x');
    expect(answer(unusable).body).toMatchObject({ error: { param: 'known_speaker_references' } });
    const { answer: ofVoices } = openAiErrorsOf('audio_sample');
    for (const error of [unusable, new SottoError('empty_file', 'x'), new SottoError('audio_too_long', 'x')]) {
      const { body } = ofVoices(error, { requestId: 'request', principal: ANONYMOUS });
      expect(body).toMatchObject({ error: { param: 'audio_sample' } });
    }
  });
});
