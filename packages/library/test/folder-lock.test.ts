import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@sotto/testkit';
import { type FolderLock, lockFolder } from '../src/database/folder-lock.ts';

describe('lockFolder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder('lock');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('lets in one at a time', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const held = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(held).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'locked' });
    }
    await held[0]?.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder)).release();
  });

  it('passes over a process that is gone, at once, to one of those who ask', async () => {
    const held = await lockFolder(folder);
    const text = await readFile(`${folder}/lock`, 'utf8');
    await held.release();
    await writeFile(`${folder}/lock`, text.replace(/ (\d+)"}$/, ' 1"}'));
    await expectOneOf(8);
  });

  it('passes over one of another machine that is silent', async () => {
    await writeFile(`${folder}/lock`, JSON.stringify({ token: 'x', pid: 1, process: 'elsewhere 1 2' }));
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'locked' });
    const past = new Date(Date.now() - 60_000);
    await utimes(`${folder}/lock`, past, past);
    await expectOneOf(4);
  });

  it('is not held by a process that was killed', async () => {
    const sleeper = spawn('sleep', ['60']);
    await once(sleeper, 'spawn');
    const held = await lockFolder(folder);
    const own = JSON.parse(await readFile(`${folder}/lock`, 'utf8')) as { process: string };
    await held.release();
    const stat = await readFile(`/proc/${sleeper.pid}/stat`, 'latin1');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const name = own.process.replace(/ \d+$/, ` ${started}`);
    await writeFile(`${folder}/lock`, JSON.stringify({ token: 'x', pid: sleeper.pid, process: name }));
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'locked' });
    sleeper.kill('SIGKILL');
    await once(sleeper, 'exit');
    await expectOneOf(1);
  });

  async function expectOneOf(count: number): Promise<void> {
    const attempts = await Promise.allSettled(Array.from({ length: count }, () => lockFolder(folder)));
    const held = attempts.flatMap((attempt): FolderLock[] => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
  }
});
