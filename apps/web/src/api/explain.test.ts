import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import { ConnectionError, SottoError } from '@sotto/client';
import i18next from 'i18next';
import { explain } from './explain.ts';

beforeAll(async () => {
  const translation = JSON.parse(readFileSync(new URL('../i18n/en.json', import.meta.url), 'utf8'));
  await i18next.init({ lng: 'en', resources: { en: { translation } } });
});

const said = (error: unknown) => explain(error, i18next.t);

it('says what happened, what to do, and when', () => {
  expect(said(new SottoError('rate_limit_exceeded', '60 a minute.', { retryAfterSeconds: 130 }))).toEqual({
    title: 'Too many requests',
    advice: 'The service asks for a pause. Try again in 3 min.',
    detail: '60 a minute.',
    canRetry: true,
  });
  expect(said(new SottoError('disk_full', 'No room.', { retryAfterSeconds: 5 }))).toMatchObject({
    title: 'The service cannot take more at the moment',
    advice: expect.stringMatching(/Nothing is lost.*Try again in 5 s\.$/),
    canRetry: true,
  });
  expect(said(new SottoError('file_too_large', 'At most 2 GB.'))).toMatchObject({ canRetry: false });
  expect(said(new SottoError('url_not_fetched', '404.'))).toMatchObject({ canRetry: true });
});

it('knows when nothing answered, and shows what it does not know', () => {
  expect(said(new ConnectionError('http://localhost', null))).toMatchObject({ detail: null, canRetry: true });
  expect(said(new TypeError('x is not a function'))).toMatchObject({ detail: 'x is not a function' });
  expect(said('why')).toMatchObject({ detail: 'why' });
});
