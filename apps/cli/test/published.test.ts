import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mustRun, runCommand, type Service, speak, startService, temporaryFolder } from '@sotto/testkit';

const BUNDLE = fileURLToPath(new URL('../scripts/bundle.mjs', import.meta.url));
const KEY = { API_KEY: 'the key of this test', ADMIN_API_KEY: 'the key of its operator' };
const SAID = 'hello world one two three';

describe('the published command line, installed by somebody else', () => {
  let folder: string;
  let service: Service;
  let files: string[];

  beforeAll(async () => {
    folder = await temporaryFolder('published');
    service = await startService({
      apiEnv: { ENABLE_API_KEY: 'true', API_KEY: KEY.API_KEY, ADMIN_API_KEY: KEY.ADMIN_API_KEY },
    });
    const source = join(folder, 'package');
    await mustRun(process.execPath, [BUNDLE, source]);
    const told = await mustRun('npm', ['pack', '--json', '--pack-destination', folder], options(source));
    const [packed] = JSON.parse(text(told)) as { filename: string; files: { path: string }[] }[];
    if (packed === undefined) throw new Error(`npm pack said: ${text(told)}`);
    files = packed.files.map(({ path }) => path);
    await writeFile(join(folder, 'package.json'), '{ "name": "somebody-else", "private": true }');
    // Offline: it must have everything it needs.
    const flags = ['--offline', '--no-audit', '--no-fund'];
    await mustRun('npm', ['install', ...flags, `./${packed.filename}`], options(folder));
    await speak(SAID, { voice: 'en-us', speed: 130, path: join(folder, 'talk.wav') });
  });
  afterAll(async () => {
    await service?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Without what the npm that runs the tests, or its user, has told its children. */
  const options = (cwd: string) => ({ cwd, env: { PATH: process.env.PATH ?? '', HOME: folder } });
  const sotto = async (env: Record<string, string>, ...args: string[]) => {
    const at = options(folder);
    const { code, stdout, stderr } = await runCommand('node_modules/.bin/sotto', args, {
      ...at,
      env: { ...at.env, SOTTO_SERVER: service.url, ...env },
    });
    return { code, stdout: text(stdout).trim(), stderr };
  };
  it('is one program, with the licences of what is in it', async () => {
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'THIRD-PARTY.txt', 'dist/sotto.js', 'package.json']);
    expect((await stat(join(folder, 'node_modules/@sotto/cli/dist/sotto.js'))).size).toBeLessThan(2_000_000);
    expect((await sotto({}, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+/);
    expect((await sotto({}, '--help')).stdout).not.toContain('  up ');
  });

  it('transcribes with a service that is named', async () => {
    const { code, stdout, stderr } = await sotto(KEY, 'transcribe', 'talk.wav');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: SAID, stderr: expect.stringContaining('100 %') });
  });

  it('tells whether the service is well and takes the key', async () => {
    const well = await sotto(KEY, 'doctor');
    expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/ok +key +it is that of/) });
    expect(await sotto({}, 'doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(/FAIL +key/) });
  });

  it('manages the models of the service', async () => {
    expect(await sotto(KEY, 'models')).toMatchObject({ code: 0, stdout: expect.stringMatching(/sotto-nano .* 1 +1/) });
    const verified = await sotto(KEY, 'models', 'verify', 'sotto-nano');
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('It is whole') });
    expect(await sotto(KEY, 'models', 'pull', 'no-such')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('refuses'),
    });
    expect(await sotto(KEY, 'models', 'remove', 'sotto-nano')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('in use'),
    });
  });

  it('needs a service: it starts none', async () => {
    const { code, stderr } = await sotto({ SOTTO_SERVER: 'http://127.0.0.1:1' }, 'transcribe', 'talk.wav');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('No Sotto answers') });
  });
});

const text = (output: Buffer | string): string => output.toString('utf8');
