/** @alone It compiles where nothing is cached, and loads models in several processes at once. */
import { spawn } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY, temporaryFolder } from '@sotto/testkit';

const SCRIPT = join(REPOSITORY, 'packages/whisper/scripts/build-native.mjs');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...env, NODE_OPTIONS: '' }, cwd: REPOSITORY });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('building the engine', () => {
  it('is done once: later calls, at the same time too, name the cached build', async () => {
    await run([SCRIPT]);
    const path = join(REPOSITORY, 'packages/whisper/build/sotto_whisper.node');
    const again = await Promise.all([run([SCRIPT]), run([SCRIPT]), run([SCRIPT])]);
    for (const { code, stdout, stderr } of again) {
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${path}\n`, stderr: '' });
    }
  }, 600_000);

  it('names a missing tool and the way to get it', async () => {
    const folder = await temporaryFolder('no-tools');
    const bare = await run([SCRIPT], { ...process.env, PATH: folder, CXX: '' });
    expect(bare.code).toBe(2);
    expect(bare.stderr).toMatch(/CMake \(cmake\) is missing.*\n.*install/);
    await symlink(process.execPath, join(folder, 'cmake'));
    const noCompiler = await run([SCRIPT], { ...process.env, PATH: folder, CXX: '' });
    expect(noCompiler.code).toBe(2);
    expect(noCompiler.stderr).toContain('A C++ compiler');
  });

  it('refuses an option it does not know', async () => {
    expect(await run([SCRIPT, '--stock'])).toMatchObject({ code: 64, stderr: expect.stringContaining('--stock') });
  });
});

describe('a process with a model', () => {
  const child = (what: string) =>
    run([
      '--import',
      'tsx',
      '--conditions=@sotto/source',
      join(REPOSITORY, 'packages/whisper/test/engine-exit-child.ts'),
      what,
    ]);

  it('ends by itself when the model is idle', async () => {
    expect(await child('idle')).toMatchObject({ code: 0, stderr: '' });
  });

  it('keeps its exit code when it leaves in the middle of work', async () => {
    expect(await child('exit')).toMatchObject({ code: 7, stderr: '' });
  });
});
