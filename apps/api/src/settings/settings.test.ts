import { describe, expect, it } from '@jest/globals';
import { EnvError, parseEnv } from '@sotto/runtime';
import { apiEnv } from './env.ts';
import { settingsOf } from './settings.ts';

const settings = (source: Record<string, string>) => settingsOf(parseEnv(apiEnv, source));

describe('settingsOf', () => {
  it('has the defaults of the specification', () => {
    expect(settings({})).toMatchObject({
      maxFileBytes: 1_073_741_824,
      rateLimitPerMinute: 30,
      keysEnabled: false,
      asyncEnabled: true,
      trustProxy: false,
      defaultModel: null,
      corsOrigins: [],
      dashboardWritable: false,
    });
  });

  it.each([
    ['false', false],
    ['0', false],
    ['true', 1],
    ['2', 2],
    ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
  ])('TRUST_PROXY=%s', (text, expected) => {
    expect(settings({ TRUST_PROXY: text }).trustProxy).toEqual(expected);
  });

  it('names what is no address in TRUST_PROXY', () => {
    expect(() => settings({ TRUST_PROXY: 'loopback, everybody' })).toThrow(/"everybody"/);
  });

  it('wants a key when keys are on', () => {
    expect(() => settings({ ENABLE_API_KEY: 'true' })).toThrow(EnvError);
    expect(settings({ ENABLE_API_KEY: 'true', API_KEY: 'long enough' }).keysEnabled).toBe(true);
  });

  it('never shows a key in a problem', () => {
    expect(() => settings({ API_KEY: 'short', PORT: 'x' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('short') }),
    );
  });

  it('switches the limit off', () => {
    expect(settings({ ENABLE_RATE_LIMIT: 'false' }).rateLimitPerMinute).toBeNull();
  });
});
