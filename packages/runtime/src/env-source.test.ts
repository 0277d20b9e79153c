import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EnvError, parseEnv } from './env.ts';
import { envInteger, envText, envUrl } from './env-entry.ts';
import { configText } from './env-print.ts';
import { EnvReload } from './env-reload.ts';

const schema = z.object({
  PORT: envInteger(0, 65535).default(8000).meta({ description: 'Port.' }),
  LIMIT: envInteger(1).default(10).meta({ description: 'Limit.', reload: true }),
  KEY: envText().min(8, 'must have at least 8 characters').optional().meta({ description: 'Key.', secret: true }),
  REDIS_URL: envUrl('redis').default('redis://localhost').meta({ description: 'Redis.', secret: 'url' }),
});

let folder = '';
let dotenvPath = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-env-source-'));
  dotenvPath = join(folder, '.env');
  write('key', 'of the file\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function problems(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    parseEnv(schema, environment, dotenvPath);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

describe('a secret in a file of its own', () => {
  it('is its content without the line end, from either place', () => {
    write('.env', 'key_file=key\n');
    expect(parseEnv(schema, {}, dotenvPath).KEY).toBe('of the file');
    write('.env', '');
    expect(parseEnv(schema, { KEY_FILE: join(folder, 'key') }, dotenvPath).KEY).toBe('of the file');
    write('two-lines', 'one line\r\n\r\n');
    expect(parseEnv(schema, { KEY_FILE: 'two-lines' }, dotenvPath).KEY).toBe('one line');
  });

  it('is overridden by the environment of the process', () => {
    write('.env', 'KEY_FILE=key\n');
    expect(parseEnv(schema, { KEY: 'of the process' }, dotenvPath).KEY).toBe('of the process');
  });

  it('is for secrets only', () => {
    write('.env', '');
    expect(parseEnv(schema, { PORT_FILE: 'key' }, dotenvPath).PORT).toBe(8000);
  });

  it.each([
    [{ KEY: 'of the process', KEY_FILE: 'key' }, 'KEY and KEY_FILE must not both be set'],
    [{ KEY_FILE: 'nowhere' }, 'KEY_FILE: nowhere cannot be read (ENOENT)'],
    [{ KEY_FILE: '.' }, 'KEY_FILE: . cannot be read (EISDIR)'],
    [{ KEY_FILE: 'empty' }, 'KEY_FILE: empty is empty'],
    [{ KEY_FILE: 'short' }, 'KEY must have at least 8 characters (its value is not shown)'],
  ])('is refused as it should be: %j', (environment, problem) => {
    write('.env', '');
    write('empty', '\n');
    write('short', 'hunter2');
    expect(problems(environment)).toEqual([problem]);
  });
});

describe('configText', () => {
  it('shows values and their sources, and of secrets only that they are set', () => {
    write('.env', 'KEY_FILE=key\nPORT=9001\n');
    const text = configText(schema, { REDIS_URL: 'redis://me:hunter2@host:6379/1' }, dotenvPath);
    expect(text.split('\n').map((line) => line.replace(/ {2,}/, '  '))).toEqual([
      `PORT=9001  # ${dotenvPath}`,
      'LIMIT=10  # default',
      'KEY=***  # key',
      'REDIS_URL=redis://***:***@host:6379/1  # environment',
      '',
    ]);
    expect(configText(schema, {})).toMatch(/^KEY= +# default$/m);
  });
});

describe('EnvReload', () => {
  it('applies what can change, keeps the rest, and gives up as a whole', () => {
    let now: NodeJS.ProcessEnv = {};
    const applied: unknown[] = [];
    const read = () => parseEnv(schema, now);
    const reload = new EnvReload({ schema, env: read(), read, apply: (env) => applied.push(env) });
    now = { LIMIT: '20', PORT: '1' };
    expect(reload.run()).toEqual({ changed: ['LIMIT'], needsRestart: ['PORT'] });
    expect(applied).toEqual([{ PORT: 8000, LIMIT: 20, REDIS_URL: 'redis://localhost' }]);
    expect(reload.run()).toEqual({ changed: [], needsRestart: ['PORT'] });
    now = { LIMIT: 'many' };
    expect(() => reload.run()).toThrow(EnvError);
    expect(applied).toHaveLength(1);
  });
});
