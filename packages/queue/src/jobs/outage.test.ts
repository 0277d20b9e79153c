import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import fc from 'fast-check';
import { lookAgainMs, waitCauseOf } from './outage.ts';

describe('waitCauseOf', () => {
  const system = (code: string) => Object.assign(new Error(code), { code });

  it.each([
    ['ENOSPC', 'disk'],
    ['EDQUOT', 'disk'],
    ['EIO', 'storage'],
    ['EROFS', 'storage'],
    ['ESTALE', 'storage'],
    ['ECONNREFUSED', 'redis'],
  ])('knows %s as %s, also as the cause of an error that says nothing', (code, cause) => {
    expect(waitCauseOf(system(code))).toBe(cause);
    expect(waitCauseOf(new Error('?', { cause: system(code) }))).toBe(cause);
    expect(waitCauseOf(new SottoError('internal_error', '?', { cause: system(code) }))).toBe(cause);
  });

  it('believes an error of ours, whatever caused it', () => {
    expect(waitCauseOf(new SottoError('storage_unavailable', '?', { cause: system('ECONNREFUSED') }))).toBe('storage');
    expect(waitCauseOf(new SottoError('undecodable_media', '?', { cause: system('EIO') }))).toBeNull();
    expect(waitCauseOf(new SottoError('blob_missing', '?', { cause: system('ENOENT') }))).toBeNull();
    expect(waitCauseOf(new TypeError('a bug'))).toBeNull();
  });
});

describe('lookAgainMs', () => {
  it('is as long again as a job has waited, from half a second to two minutes', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), (waitedMs) => {
        const most = Math.min(120_000, Math.max(1_000, waitedMs));
        expect(lookAgainMs(waitedMs)).toBeGreaterThanOrEqual(Math.floor(most / 2));
        expect(lookAgainMs(waitedMs)).toBeLessThanOrEqual(most);
      }),
    );
  });
});
