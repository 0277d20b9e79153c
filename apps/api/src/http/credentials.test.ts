import { describe, expect, it } from '@jest/globals';
import { isSameKey, presentedKey } from './credentials.ts';

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('presentedKey', () => {
  it.each([
    [{ 'x-api-key': 'secret-1' }, 'secret-1'],
    [{ authorization: 'Bearer secret-2' }, 'secret-2'],
    [{ authorization: 'bearer   secret-3' }, 'secret-3'],
    [{ authorization: basic('anybody:secret:4') }, 'secret:4'],
    [{ authorization: basic(':secret-5') }, 'secret-5'],
    [{ authorization: basic('no-colon') }, null],
    [{ authorization: basic('name:') }, null],
    [{ authorization: 'Digest abc' }, null],
    [{ authorization: 'Bearer' }, null],
    [{ authorization: 'Token secret-6' }, 'secret-6'],
    [{ 'sec-websocket-protocol': 'realtime, openai-insecure-api-key.secret-7, openai-beta.realtime-v1' }, 'secret-7'],
    [{ 'sec-websocket-protocol': 'token, secret-8' }, 'secret-8'],
    [{ 'sec-websocket-protocol': 'bearer,secret-9' }, 'secret-9'],
    [{ 'sec-websocket-protocol': 'realtime' }, null],
    [{ 'sec-websocket-protocol': 'openai-insecure-api-key.' }, null],
    [{ 'sec-websocket-protocol': 'token' }, null],
    [{ 'x-api-key': '' }, null],
    [{}, null],
  ])('%j carries %j', (headers, key) => {
    expect(presentedKey(headers)).toBe(key);
  });
});

describe('isSameKey', () => {
  it('compares keys of any length', () => {
    expect(isSameKey('secret', 'secret')).toBe(true);
    expect(isSameKey('secret', 'secret ')).toBe(false);
    expect(isSameKey('', 'secret')).toBe(false);
  });
});
