import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Child, isAlive } from '../src/child.ts';
import { waitFor } from '../src/wait-for.ts';

const STUBBORN = `process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')`;
const OBEDIENT = `process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000); console.log('up')`;

describe('Child', () => {
  const children: Child[] = [];
  const node = async (script: string, env?: Record<string, string>): Promise<Child> => {
    const args = ['-e', script];
    const child = await Child.start({
      name: 'node',
      command: process.execPath,
      args,
      cwd: tmpdir(),
      ...(env && { env }),
    });
    children.push(child);
    return child;
  };
  const isUp = (child: Child) => waitFor(() => child.output.includes('up'), { what: 'the child to be up' });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill9()));
  });

  it('keeps output of both streams and the exit status', async () => {
    const child = await node(`console.log('out'); console.error('err'); process.exitCode = 7`);
    expect(await child.ended).toEqual({ code: 7, signal: null });
    expect(child.output.split('\n').sort()).toEqual(['err', 'out']);
  });

  it('ends on SIGTERM, by its own status', async () => {
    const child = await node(OBEDIENT);
    await isUp(child);
    expect(await child.stop()).toEqual({ code: 3, signal: null });
    expect(isAlive(child.pid)).toBe(false);
  });

  it('kills one that does not end, and says so', async () => {
    const child = await node(STUBBORN);
    await isUp(child);
    await expect(child.stop(200)).rejects.toThrow('still there 200 ms after SIGTERM');
    expect(isAlive(child.pid)).toBe(false);
  });

  it('gets nothing of the environment that could configure Sotto', async () => {
    process.env.REDIS_URL = 'redis://elsewhere';
    try {
      const child = await node('console.log(process.env.REDIS_URL, process.env.OWN)', { OWN: 'own' });
      await child.ended;
      expect(child.output).toBe('undefined own');
    } finally {
      delete process.env.REDIS_URL;
    }
  });

  it('says which program cannot be started', async () => {
    const nothing = Child.start({ name: 'nothing', command: 'no-such-program', args: [], cwd: tmpdir() });
    await expect(nothing).rejects.toThrow('nothing: no-such-program cannot be started.');
  });
});
