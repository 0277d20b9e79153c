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

  it('refuses a key that nobody is asked for, unless told that this is intended', () => {
    const API_KEY = 'long enough';
    expect(() => settings({ API_KEY })).toThrow(/ENABLE_API_KEY=true.*ALLOW_OPEN_ACCESS=true/);
    expect(() => settings({ API_KEY, ENABLE_API_KEY: 'false' })).toThrow(EnvError);
    expect(() => settings({ API_KEY })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(API_KEY) }),
    );
    expect(settings({ API_KEY, ALLOW_OPEN_ACCESS: 'true' }).keysEnabled).toBe(false);
    // What Compose passes for a key that nobody set.
    expect(settings({ API_KEY: '', ENABLE_API_KEY: 'false' }).keysEnabled).toBe(false);
    // Keys off and /admin open to its own key is a documented way to run it.
    expect(settings({ ADMIN_API_KEY: 'long enough' }).keysEnabled).toBe(false);
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
