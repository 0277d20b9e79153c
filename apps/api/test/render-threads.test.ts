import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@sotto/testkit';
import { type RenderTask, RenderThreads } from '../src/results/render-threads.ts';

const file = new URL('./support/echo-thread.mjs', import.meta.url);

let threads: RenderThreads;

beforeEach(() => {
  threads = new RenderThreads({ file, threads: 1, waiting: 2 });
});

afterEach(() => threads.close());

const taskOf = (options: unknown, text = 'a result'): RenderTask => ({
  renderer: 'format',
  options,
  speakers: null,
  names: [],
  stored: { bytes: Buffer.from(text), encoding: 'json' },
});

async function rendered(options: unknown, text?: string) {
  const result = await threads.run(async () => taskOf(options, text));
  const facts: Record<string, unknown> = { ...result?.facts };
  return { text: String(result?.body), threadId: facts.threadId };
}

describe('RenderThreads', () => {
  it('runs tasks on a thread that it starts when there is one', async () => {
    expect(threads.size).toBe(0);
    const first = await rendered('echo');
    expect(first.text).toBe('a result');
    expect(await rendered('echo', 'another')).toEqual({ text: 'another', threadId: first.threadId });
    expect(threads.size).toBe(1);
  });

  it('does not start a thread when there is nothing to render', async () => {
    expect(await threads.run(async () => null)).toBeNull();
    expect(threads.size).toBe(0);
  });

  it('leaves the bytes that it was given as they are', async () => {
    const task = taskOf('echo');
    await threads.run(async () => task);
    expect(String(Buffer.from(task.stored.bytes))).toBe('a result');
  });

  it.each(['exit', 'throw'])(
    'fails only the task whose thread dies (%s); those that wait get a new one',
    async (how) => {
      const [died, first, second] = await Promise.allSettled([how, 'echo', 'echo'].map((options) => rendered(options)));
      expect(died).toMatchObject({ status: 'rejected' });
      expect([first, second]).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
      expect(threads.size).toBe(1);
    },
  );

  it('keeps a thread whose renderer failed', async () => {
    const { threadId } = await rendered('echo');
    await expect(rendered('fail')).rejects.toMatchObject({ cause: expect.objectContaining({ message: 'failed' }) });
    expect(await rendered('echo')).toMatchObject({ threadId });
  });

  it('loads a task when its turn comes, and refuses those that would wait too long', async () => {
    const loaded: number[] = [];
    const gate = new EventEmitter();
    const tasks = [0, 1, 2].map((index) =>
      threads.run(async () => {
        loaded.push(index);
        if (index === 0) await once(gate, 'open');
        return taskOf('echo');
      }),
    );
    await waitFor(() => loaded.length > 0, { what: 'the first task to be loaded' });
    await expect(rendered('echo')).rejects.toMatchObject({ code: 'service_full', retryAfterSeconds: 2 });
    expect(loaded).toEqual([0]);
    gate.emit('open');
    await Promise.all(tasks);
    expect(loaded).toEqual([0, 1, 2]);
  });

  it('runs as many tasks at once as it may have threads', async () => {
    threads = new RenderThreads({ file, threads: 2 });
    const results = await Promise.all([1, 2, 3, 4].map(() => rendered('echo')));
    expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(2);
    expect(threads.size).toBe(2);
  });

  it('ends threads that have nothing to do', async () => {
    threads = new RenderThreads({ file, idleMs: 10 });
    const { threadId } = await rendered('echo');
    await waitFor(() => threads.size === 0, { what: 'the idle thread to end' });
    expect((await rendered('echo')).threadId).not.toBe(threadId);
  });

  it('fails what is under way when it is closed', async () => {
    await rendered('echo');
    const hanging = expect(rendered('hang')).rejects.toThrow('could not be rendered');
    await threads.close();
    await hanging;
    expect(threads.size).toBe(0);
  });
});
