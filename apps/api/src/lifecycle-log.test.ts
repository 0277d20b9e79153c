import { expect, it } from '@jest/globals';
import { type Logger, silentLogger } from '@sotto/runtime';
import { LifecycleLog } from './lifecycle-log.ts';
import type { ApiSettings } from './settings/settings.ts';

it('warns of keys of the environment that are short, and does not show them', () => {
  const lines: string[] = [];
  const logger = { ...silentLogger, info: () => {}, warning: (text: string) => lines.push(text) } as unknown as Logger;
  const settings = { keysEnabled: true, apiKey: 'short key', adminApiKey: 'a'.repeat(20) } as ApiSettings;
  new LifecycleLog(logger).configured(settings, []);
  expect(lines).toEqual(['API_KEY is short and can be guessed. Use at least 20 random characters.']);
});
