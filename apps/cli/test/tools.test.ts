import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nanoModelDir } from '@sotto/testkit';
import { ggmlContent, hfFolder } from '../../../packages/whisper/test/models-hf-fixtures.ts';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

describe('sotto models', () => {
  let home: Home;
  let env: Record<string, string>;
  beforeEach(async () => {
    home = await makeHome();
    env = { WHISPER_MODEL_DIR: join(home.folder, 'models') };
  });
  afterEach(() => home.remove());

  it('installs, lists and removes', async () => {
    expect(await run(home, ['models'], env)).toMatchObject({ code: 0, stdout: '' });
    const installed = await run(home, ['models', 'install', 'sotto-nano'], env);
    expect(installed).toMatchObject({ code: 0, stdout: `sotto-nano is in ${home.folder}/models/ggml-sotto-nano.bin` });
    const listed = await run(home, ['models', 'list'], env);
    expect(listed.stdout).toMatch(/^NAME +SIZE +LANGUAGES\nsotto-nano +17\.8 MB +multilingual +installed$/);
    expect((await run(home, ['models', 'list', '--all'], env)).stdout).toMatch(
      /\nlarge-v3-turbo +1\.6 GB +multilingual\n/,
    );
    expect(await run(home, ['models', 'remove', 'sotto-nano'], env)).toMatchObject({ code: 0 });
    expect(await run(home, ['models', 'remove', 'sotto-nano'], env)).toMatchObject({ code: 1 });
  });

  it('names a damaged file', async () => {
    await run(home, ['models', 'install', 'sotto-nano'], env);
    await writeFile(join(home.folder, 'models/ggml-broken.bin'), 'not a model at all');
    const { code, stderr } = await run(home, ['models', 'list'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('ggml-broken.bin cannot be used');
  });

  it('knows what it cannot install or import', async () => {
    const unknown = await run(home, ['models', 'install', 'gigantic'], env);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('There is no model "gigantic" in the catalog.');
    const nothing = await run(home, ['models', 'import', home.folder, '--name', 'mine'], env);
    expect(nothing).toMatchObject({ code: 1, stdout: '' });
  });

  it('imports a Hugging Face folder, quantised, and says how it does', async () => {
    const nano = join(await nanoModelDir(), 'ggml-sotto-nano.bin');
    const folder = await hfFolder(await ggmlContent(nano), { dtype: 'F32' });
    const { code, stdout, stderr } = await run(home, ['models', 'import', folder, '--name', 'mine', '-q', 'q8_0'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `mine is in ${home.folder}/models/ggml-mine.bin` });
    expect(stderr).toMatch(/Self-test: it heard ".*" where "And so, my fellow Americans.*" was said/);
    expect(stderr).toMatch(
      /Up to 30 s of speech take about \d+\.\d s here \(\d+x\), with about \d+(\.\d)? MB of memory/,
    );
    const other = await run(home, ['models', 'import', folder, '--name', 'other', '-q', 'q4_0'], env);
    expect(other.code).toBe(2);
  });
});

describe('sotto voices', () => {
  let home: Home;
  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(() => home.remove());

  it('lists what can be installed, and each voice that is there', async () => {
    const listed = await run(home, ['voices']);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nkokoro +\d+ MB .*\njoe +[\d.]+ MB /) });
    expect(listed.stdout).not.toMatch(/installed$/m);
    const voices = await run(home, ['voices', 'list', '--voices']);
    expect(voices.stdout).toMatch(/\nespeak +espeak +low +en-us .* and \d+ more/);
  });

  it('knows what it cannot install or remove', async () => {
    const unknown = await run(home, ['voices', 'install', 'nobody']);
    expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('only kokoro, joe') });
    const absent = await run(home, ['voices', 'remove', 'joe']);
    expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining('joe are not installed') });
  });
});

describe('sotto doctor', () => {
  let home: Home;
  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(() => home.remove());

  it('finds this machine well', async () => {
    const { code, stdout } = await run(home, ['doctor']);
    expect(stdout.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok +engine +ggml of whisper\.cpp \d+\.\d+/);
    expect(stdout).toMatch(/ok +batch +sotto-nano: \d+ windows at once .* MB each, cpu, \w+ backend/);
    expect(stdout).toMatch(/(ok|warn) +processor +\S/);
    expect(stdout).toMatch(/ok +memory +\S+ [GM]B, \S+ [GM]B of it free/);
    expect(stdout).toMatch(/ok +gpu +\S/);
    expect(stdout).toMatch(/(ok +cage of ffmpeg +Landlock|warn +cage of ffmpeg +none)/);
    expect(stdout).toMatch(/warn +models +sotto-nano \(17\.8 MB\): sotto-nano is for tests/);
    expect(stdout).toMatch(new RegExp(`ok +port +127\\.0\\.0\\.1:${home.port} is free`));
  });

  it('says what would keep Sotto from working', async () => {
    const { code, stdout } = await run(home, ['doctor'], {
      REDIS_URL: 'redis://:hidden@127.0.0.1:1/0',
      PATH: '/nowhere',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL +redis +nothing answers at 127\.0\.0\.1:1/);
    expect(stdout).toMatch(/\n +-> start it, or unset REDIS_URL/);
    expect(stdout).toMatch(/ok +redis-server +not needed/);
    expect(stdout).toMatch(/warn +ffmpeg +not found/);
    expect(stdout).toMatch(/warn +cage of ffmpeg +none/);
    expect(stdout).not.toContain('hidden');
  });

  it('says what to do about whatever is not well', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(home.port, '127.0.0.1', resolve));
    const { code, stdout } = await run(home, ['doctor'], {
      WHISPER_MODEL_DIR: join(home.folder, 'none'),
      PATH: '/nowhere',
    });
    taken.close();
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL +redis-server +not found\n +-> npm start installs it; or set REDIS_URL\n/);
    expect(stdout).toMatch(/warn +models +none in .*\n +-> npm start fetches sotto-nano\n/);
    expect(stdout).toMatch(new RegExp(`FAIL +port +127.*is in use.*\\n +-> PORT=${home.port + 1} npm start\\n`));
    const lines = `${stdout}\n`.split('\n');
    const unwell = lines.filter((line) => /^(warn|FAIL)/.test(line));
    expect(lines.filter((line) => /^ +-> \S/.test(line))).toHaveLength(unwell.length);
  });
});
