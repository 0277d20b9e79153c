/** @long */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { describeWith } from '@sotto/testkit';
import { installVoices, openEngines, removeVoices } from '../src/index.ts';
import { voicesFolder } from './installed-voices.ts';

jest.setTimeout(600_000);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sotto-voices-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const visible = async () => (await readdir(dir)).filter((name) => !name.startsWith('.')).sort();

function startInstalling(): ChildProcess {
  const script = new URL('./installing-child.ts', import.meta.url).pathname;
  return spawn(process.execPath, ['--import', 'tsx', '--conditions=@sotto/source', script, 'joe', dir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Resolves when a line of the child is what is awaited. */
async function until(child: ChildProcess, awaited: string): Promise<void> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) if (line === awaited) return;
  throw new Error(`it ended before ${awaited}`);
}

describeWith(await voicesFolder('joe'), 'installing voices', () => {
  it('leaves nothing that looks installed when it is killed, and is done by whoever comes next', async () => {
    for (const phase of ['espeak-ng data downloading', 'joe downloading', 'joe converting', 'joe testing']) {
      const child = startInstalling();
      await until(child, phase);
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(await visible()).not.toContain('joe');
      const engines = await openEngines({ dir });
      expect([engines.engines.map(({ name }) => name), engines.problems]).toEqual([['espeak'], []]);
      await engines.close();
    }
    const phases = new Set<string>();
    expect(await installVoices('joe', dir, { onProgress: ({ phase }) => phases.add(phase) })).toBe(true);
    expect([...phases]).toEqual(expect.arrayContaining(['downloading', 'verifying', 'testing']));
    expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await installVoices('joe', dir)).toBe(false);
  });

  it('is done once for many who want the same, and replaces what is damaged', async () => {
    const first = [startInstalling(), startInstalling()];
    await Promise.all(first.map((child) => until(child, 'installed')));
    await writeFile(join(dir, 'joe/tokens.txt'), 'short');
    expect(await installVoices('joe', dir)).toBe(true);
    const engines = await openEngines({ dir });
    expect(engines.resolve({ voice: 'auto', language: 'auto' })).toMatchObject({ engine: 'piper', voice: 'joe' });
    await engines.close();
    expect(await removeVoices('joe', dir)).toBe(true);
    expect(await readdir(dir)).toEqual([]);
    expect(await removeVoices('joe', dir)).toBe(false);
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const stop = new AbortController();
    const installing = installVoices('joe', dir, {
      signal: stop.signal,
      onProgress: ({ phase }) => phase === 'downloading' && stop.abort(new Error('enough')),
    });
    await expect(installing).rejects.toThrow('enough');
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('voices that cannot be installed', () => {
  it('says what is missing', async () => {
    await expect(installVoices('nobody', dir)).rejects.toMatchObject({ detail: expect.stringMatching(/kokoro, joe/) });
    await expect(removeVoices('../x', dir)).rejects.toMatchObject({ code: 'model_not_available' });
    const without = installVoices('joe', dir, { python: '/nowhere/python3' });
    await expect(without).rejects.toMatchObject({ code: 'model_not_available' });
    expect(await readdir(dir)).toEqual([]);
  });
});
