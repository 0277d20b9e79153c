import { describe, expect, it } from '@jest/globals';
import { LoginGuard, loginNetworkOf } from './login-guard.ts';

describe('loginNetworkOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.99', '203.0.113.0/24'],
    ['2001:db8:1:2:3::9', '2001:db8:1:2::/64'],
    [undefined, 'unknown'],
  ])('%s belongs to %s', (address, network) => {
    expect(loginNetworkOf(address)).toBe(network);
  });
});

describe('LoginGuard', () => {
  const refused = expect.objectContaining({ code: 'rate_limit_exceeded', retryAfterSeconds: 60 });
  const errorOf = (check: () => void): unknown => {
    try {
      check();
      return null;
    } catch (error) {
      return error;
    }
  };

  it('looks at no key of a network after too many wrong ones, except at good ones, for a minute', () => {
    let nowMs = 0;
    const guard = new LoginGuard({ wrongKeysPerMinute: 3 }, () => nowMs);
    guard.noteGood('good');
    for (let i = 0; i < 3; i += 1) {
      expect(errorOf(() => guard.check(`203.0.113.${i}`, `guess ${i}`))).toBeNull();
      guard.noteWrong(`203.0.113.${i}`);
    }
    expect(errorOf(() => guard.check('203.0.113.200', 'another'))).toEqual(refused);
    expect(errorOf(() => guard.check('203.0.113.200', 'good'))).toBeNull();
    expect(errorOf(() => guard.check('203.0.114.200', 'another'))).toBeNull();
    nowMs = 60_000;
    expect(errorOf(() => guard.check('203.0.113.200', 'another'))).toBeNull();
  });

  it('remembers no more than so many networks', () => {
    const guard = new LoginGuard({ wrongKeysPerMinute: 1 }, () => 0);
    for (let i = 0; i <= 10_000; i += 1) guard.noteWrong(`10.${i >> 8}.${i & 255}.1`);
    expect(errorOf(() => guard.check('10.0.0.1', 'x'))).toBeNull();
    expect(errorOf(() => guard.check('10.0.1.1', 'x'))).toEqual(refused);
  });
});
