/**
 * @busy It runs the whole service, and kills each of its processes.
 * @long
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appArguments, Child, curl, isAlive, speak, waitFor } from '@sotto/testkit';
import { childrenOf, type Home, makeHome } from './home.ts';

const SAID = 'hello world one two three';

async function heard(home: Home): Promise<{ status: number; body: string }> {
  const { path } = await speak(SAID, { voice: 'en-us', speed: 130 });
  const form = ['-F', `file=@${path}`, '-F', 'response_format=text', '-F', 'cache=false'];
  const { status, body } = await curl('--max-time', '60', ...form, `${home.url}/transcribe`);
  return { status, body: body.trim() };
}

const gone = (pids: number[]) => waitFor(() => !pids.some(isAlive), { what: `${pids} to be gone`, timeoutMs: 30_000 });

describe('sotto up', () => {
  let home: Home;
  const started: Child[] = [];
  const up = async (): Promise<Child> => {
    const child = await home.up();
    started.push(child);
    return child;
  };
  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.stop(60_000)));
    await home.remove();
  });

  it('transcribes its sample, says where to go, serves, and leaves nothing behind at Ctrl-C', async () => {
    const child = await up();
    expect(child.output).toMatch(new RegExp(`Self-test \\(.*\\): ${SAID}`));
    expect(child.output).toContain(`Sotto is ready at ${home.url}`);
    expect(child.output).toContain(`curl -F file=@recording.mp3 ${home.url}/transcribe`);
    expect(child.output).toContain('WARNING: sotto-nano is for tests');
    expect(await heard(home)).toEqual({ status: 200, body: SAID });

    const family = await childrenOf(child.pid);
    // redis-server, the API, the worker and the guard.
    expect(family).toHaveLength(4);
    child.signal('SIGINT');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(family.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect((await curl(`${home.url}/health`)).exitCode).not.toBe(0);
  });

  it('keeps its jobs over a restart', async () => {
    const first = await up();
    const { path } = await speak(SAID, { voice: 'en-us', speed: 130 });
    const accepted = await curl('-F', `file=@${path}`, '-F', 'async=true', `${home.url}/transcribe`);
    const { status_url: statusUrl } = JSON.parse(accepted.body) as { status_url: string };
    await first.stop();
    await up();
    const status = await waitFor(
      async () => {
        const { body } = await curl(new URL(statusUrl, home.url).href);
        const answer = JSON.parse(body) as { status: string; result?: { text: string } };
        return answer.status === 'completed' && answer;
      },
      { what: 'the job to be completed', timeoutMs: 60_000 },
    );
    expect(status.result?.text.trim()).toBe(SAID);
    expect(existsSync(join(home.folder, 'data/redis/appendonlydir'))).toBe(true);
  });

  it('starts what crashes again', async () => {
    const child = await up();
    const before = await childrenOf(child.pid);
    for (const name of ['worker', 'api', 'redis']) {
      const victim = before.find(({ command }) => command.includes(name));
      expect(victim).toBeDefined();
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      await waitFor(() => child.output.includes(`${name} ended (SIGKILL)`), { what: `${name} to be missed` });
    }
    const answer = await waitFor(
      async () => {
        const tried = await heard(home);
        return tried.status === 200 && tried;
      },
      { what: 'the service to serve again', timeoutMs: 90_000, intervalMs: 500 },
    );
    expect(answer.body).toBe(SAID);
    const after = (await childrenOf(child.pid)).map(({ pid }) => pid);
    expect(after).toHaveLength(4);
  });

  it('runs a worker for each device that is named', async () => {
    const child = await home.up(['--no-self-test'], { WHISPER_DEVICE: 'cpu,cpu', WHISPER_THREADS: '1' });
    started.push(child);
    const { workers } = JSON.parse((await curl(`${home.url}/health`)).body) as { workers: number };
    expect(workers).toBe(2);
    expect(child.output).toContain('worker 1');
    expect(child.output).toContain('worker 2');
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const child = await up();
    const family = (await childrenOf(child.pid)).map(({ pid }) => pid);
    await child.kill9();
    await gone(family);
  });

  it('stops when its terminal is closed', async () => {
    const child = await up();
    const family = (await childrenOf(child.pid)).map(({ pid }) => pid);
    child.signal('SIGHUP');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(family.filter(isAlive)).toEqual([]);
  });

  it('stops when the npm that started it is gone', async () => {
    const shell = await Child.start({
      name: 'npm',
      command: '/bin/sh',
      args: ['-c', '"$@"; exit 0', 'sh', process.execPath, ...appArguments('cli'), 'up', '--no-self-test'],
      env: { ...home.env, npm_lifecycle_event: 'start' },
      cwd: home.folder,
    });
    await waitFor(() => shell.output.includes('Sotto is ready at'), { what: 'sotto up', timeoutMs: 90_000 });
    const [supervisor] = await childrenOf(shell.pid);
    const family = await childrenOf(supervisor?.pid ?? 0);
    expect(family).toHaveLength(4);
    shell.signal('SIGTERM');
    await gone([supervisor?.pid ?? 0, ...family.map(({ pid }) => pid)]);
    expect((await shell.ended).signal).toBe('SIGTERM');
  });

  it('says that it is already running, and that a port is in use', async () => {
    const child = await up();
    const again = await home.sotto(['up']);
    expect(await again.ended).toEqual({ code: 1, signal: null });
    expect(again.output).toContain(`Sotto is already running at ${home.url} (pid ${child.pid})`);
    const other = await makeHome();
    try {
      const neighbour = await other.sotto(['up'], { PORT: String(home.port) });
      expect(await neighbour.ended).toEqual({ code: 1, signal: null });
      expect(neighbour.output).toContain(`Port ${home.port} is in use`);
      expect(neighbour.output).toContain(`PORT=${home.port + 1}`);
    } finally {
      await other.remove();
    }
  });

  it('can be stopped while it starts', async () => {
    const child = await home.sotto(['up']);
    started.push(child);
    await waitFor(async () => (await childrenOf(child.pid)).some(({ command }) => command.startsWith('redis-server')), {
      what: 'redis to start',
      timeoutMs: 60_000,
    });
    const family = (await childrenOf(child.pid)).map(({ pid }) => pid);
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await gone(family);
  });

  it('says what is wrong with the configuration', async () => {
    const child = await home.sotto(['up'], { PORT: 'eight', REDIS_URL: 'http://nowhere' });
    expect(await child.ended).toEqual({ code: 2, signal: null });
    expect(child.output).toContain('PORT must be a whole number');
    expect(child.output).toContain('REDIS_URL must be an address that starts with redis://');
  });
});
