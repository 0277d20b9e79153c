import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { describeEnv, EnvError, parseEnv } from './env.ts';
import { envChoice, envFlag, envInteger, envList, envNumber, envText, envUrl } from './env-entry.ts';
import { logLevelOf, sharedEnv } from './shared-env.ts';

const schema = z.object({
  PORT: envInteger(0, 65535).default(8000).meta({ description: 'Port.' }),
  RATIO: envNumber(0, 1).default(0.5).meta({ description: 'Ratio.' }),
  ENABLE_X: envFlag().default(true).meta({ description: 'X.' }),
  DEVICE: envChoice(['cpu', 'cuda']).default('cpu').meta({ description: 'Device.' }),
  ORIGINS: envList().default([]).meta({ description: 'Origins.' }),
  API_KEY: envText()
    .min(8, 'must have at least 8 characters')
    .optional()
    .meta({ description: 'First key.', secret: true }),
});

function problemsOf(source: NodeJS.ProcessEnv, dotenvPath?: string): readonly string[] {
  try {
    parseEnv(schema, source, dotenvPath);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseEnv', () => {
  let folder = '';
  let dotenvPath = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sotto-env-'));
    dotenvPath = join(folder, '.env');
    writeFileSync(dotenvPath, '# a comment\nport=9001\nDevice="cuda"\nORIGINS=\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives typed values and defaults', () => {
    expect(parseEnv(schema, { PORT: ' 80 ', ENABLE_X: 'off', RATIO: '0.25', ORIGINS: 'a, b,,' })).toEqual({
      PORT: 80,
      RATIO: 0.25,
      ENABLE_X: false,
      DEVICE: 'cpu',
      ORIGINS: ['a', 'b'],
    });
  });

  it('takes names in any case, and the process before the file', () => {
    expect(parseEnv(schema, { Port: '7000' }, dotenvPath)).toMatchObject({ PORT: 7000, DEVICE: 'cuda' });
    expect(parseEnv(schema, {}, dotenvPath)).toMatchObject({ PORT: 9001, DEVICE: 'cuda' });
  });

  it('treats a name set to nothing as not set', () => {
    expect(parseEnv(schema, { PORT: '', API_KEY: '  ' }, dotenvPath).PORT).toBe(9001);
  });

  it('does without a .env file, but not with one it cannot read', () => {
    expect(parseEnv(schema, {}, join(folder, 'absent')).PORT).toBe(8000);
    expect(() => parseEnv(schema, {}, folder)).toThrow(EnvError);
  });

  it('reports every problem at once and never shows a secret', () => {
    const problems = problemsOf({ PORT: '70000', ENABLE_X: 'perhaps', DEVICE: 'tpu', API_KEY: 'hunter2' });
    expect(problems).toEqual([
      'PORT must be a whole number from 0 to 65535 ("70000")',
      'ENABLE_X must be true or false ("perhaps")',
      'DEVICE must be one of cpu, cuda ("tpu")',
      'API_KEY must have at least 8 characters (its value is not shown)',
    ]);
  });

  it('says when a required name is missing', () => {
    const required = z.object({ KEY: envText().meta({ description: 'Key.' }) });
    expect(() => parseEnv(required, {})).toThrow(/KEY must be set/);
  });

  it('reports rules that span names', () => {
    const both = schema.refine((env) => env.PORT !== 0 || env.DEVICE === 'cpu', 'port 0 needs the CPU');
    expect(() => parseEnv(both, { PORT: '0', DEVICE: 'cuda' })).toThrow(/port 0 needs the CPU/);
  });

  it('any text gives a value of the right type or a problem that names the variable', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const problems = problemsOf({ PORT: text });
        if (problems.length > 0) return problems.length === 1 && problems[0]?.startsWith('PORT must be') === true;
        const { PORT } = parseEnv(schema, { PORT: text });
        return Number.isInteger(PORT) && PORT >= 0 && PORT <= 65535;
      }),
    );
  });
});

describe('describeEnv', () => {
  it('gives one row per name, with the default as one would write it', () => {
    expect(describeEnv(schema).map((row) => [row.name, row.default, row.required, row.secret])).toEqual([
      ['PORT', '8000', false, false],
      ['RATIO', '0.5', false, false],
      ['ENABLE_X', 'true', false, false],
      ['DEVICE', 'cpu', false, false],
      ['ORIGINS', '', false, false],
      ['API_KEY', '', false, true],
    ]);
  });

  it('refuses an entry without a description', () => {
    expect(() => describeEnv(z.object({ BARE: envText() }))).toThrow(/BARE has no description/);
  });
});

describe('sharedEnv', () => {
  const shared = z.object(sharedEnv);

  it('describes all its names, and each default, written out, is read back the same', () => {
    const rows = describeEnv(shared);
    const written = Object.fromEntries(rows.map((row) => [row.name, row.default]));
    expect(parseEnv(shared, written)).toEqual(parseEnv(shared, {}));
  });

  it('takes log levels in any case, and DEBUG above them', () => {
    expect(logLevelOf(parseEnv(shared, { LOG_LEVEL: 'warning' }))).toBe('WARNING');
    expect(logLevelOf(parseEnv(shared, { LOG_LEVEL: 'ERROR', DEBUG: 'true' }))).toBe('DEBUG');
    expect(logLevelOf(parseEnv(shared, { DEBUG: 'express:*' }))).toBe('INFO');
  });

  it('does not show the password of a wrong REDIS_URL', () => {
    expect(() => parseEnv(shared, { REDIS_URL: 'http://user:hunter2@host' })).toThrow(
      /REDIS_URL must be an address that starts with redis:\/\/ or rediss:\/\/, .* \(its value is not shown\)/,
    );
    expect(envUrl('redis').safeParse('not an address').success).toBe(false);
  });
});
