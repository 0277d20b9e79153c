import { describe, expect, it } from '@jest/globals';
import { ERROR_CATALOG, type ErrorCode, SottoError } from '@sotto/contracts';
import { ANONYMOUS } from '../http/principal.ts';
import { deepgramErrorSchema, deepgramErrors } from './errors.ts';

const answer = (error: SottoError, principal = ANONYMOUS) =>
  deepgramErrors.answer(error, { requestId: 'request', principal });

describe("errors for Deepgram's clients", () => {
  it.each(Object.keys(ERROR_CATALOG) as ErrorCode[])('%s has their shape and the status the document tells', (code) => {
    const { status, body } = answer(new SottoError(code, 'Because.'), { ...ANONYMOUS, keyId: 'first' });
    const { err_msg: message, request_id: id } = deepgramErrorSchema.strict().parse(body);
    expect([message, id]).toEqual([`${ERROR_CATALOG[code].message} Because.`, 'request']);
    expect(status).toBe(deepgramErrors.statusOf(code));
    expect(status).not.toBe(422);
  });

  it('a wrong key is 401; a key that may not do it is 403', () => {
    const forbidden = new SottoError('forbidden', 'No.');
    expect(answer(forbidden)).toMatchObject({ status: 401, body: { err_code: 'INVALID_AUTH' } });
    expect(answer(forbidden, { ...ANONYMOUS, keyId: 'first' })).toMatchObject({
      status: 403,
      body: { err_code: 'forbidden' },
    });
  });
});
