import { describe, expect, it } from '@jest/globals';
import { describeActive, Lifecycle } from './lifecycle.ts';
import { type Logger, silentLogger } from './logger.ts';

describe('Lifecycle', () => {
  it('undoes in reverse order, one at a time', async () => {
    const done: string[] = [];
    const lifecycle = new Lifecycle({ logger: silentLogger });
    lifecycle.own('redis', () => done.push('redis'));
    lifecycle.own('worker', async () => {
      await new Promise(setImmediate);
      done.push('worker');
    });
    await lifecycle.stop('test');
    expect(done).toEqual(['worker', 'redis']);
  });

  it('runs every undo once, even if some fail, and reports the first error', async () => {
    const done: string[] = [];
    const lifecycle = new Lifecycle({ logger: silentLogger });
    lifecycle.own('last', () => done.push('last'));
    lifecycle.own('second', () => Promise.reject(new Error('second failed')));
    lifecycle.own('first', () => {
      throw new Error('first failed');
    });
    const stops = [lifecycle.stop('a'), lifecycle.stop('b')];
    await expect(Promise.all(stops)).rejects.toThrow('first failed');
    expect(stops[0]).toBe(stops[1]);
    expect(done).toEqual(['last']);
  });

  it('tells through its signal that and why the process stops', async () => {
    const lifecycle = new Lifecycle({ logger: silentLogger });
    expect(lifecycle.isStopping).toBe(false);
    await lifecycle.stop('SIGTERM');
    expect(lifecycle.signal.aborted).toBe(true);
    expect(lifecycle.signal.reason).toBe('SIGTERM');
  });

  it('undoes at once what is opened during or after a stop', async () => {
    const lifecycle = new Lifecycle({ logger: silentLogger });
    const late = new Promise<void>((resolve) => {
      lifecycle.own('opener', () => lifecycle.own('late', () => {}));
      lifecycle.signal.addEventListener('abort', () => lifecycle.own('at abort', resolve));
    });
    await lifecycle.stop('test');
    await late;
    await new Promise<void>((resolve) => lifecycle.own('after', resolve));
  });

  it('says which close it is waiting for', async () => {
    const said: string[] = [];
    let release = () => {};
    const heard = new Promise<void>((resolve) => {
      const logger: Logger = {
        ...silentLogger,
        warning: (message) => {
          said.push(message);
          resolve();
        },
      };
      const lifecycle = new Lifecycle({ logger, warnAfterMs: 5 });
      lifecycle.own('the queue', () => new Promise<void>((done) => (release = done)));
      void lifecycle.stop('test');
    });
    // The watch is unref'd, as it must be: something else keeps this test's process up meanwhile.
    const alive = setInterval(() => {}, 1_000);
    await heard;
    clearInterval(alive);
    release();
    expect(said[0]).toBe('still waiting for the queue to close');
  });
});

describe('a resource that does not close', () => {
  it('is left as it is after its limit, and the others are undone', async () => {
    const done: string[] = [];
    const lifecycle = new Lifecycle({ logger: silentLogger });
    lifecycle.own('last', () => done.push('last'));
    lifecycle.own('the queue', () => new Promise(() => {}), 20);
    await expect(lifecycle.stop('test')).rejects.toThrow('not closed within 20 ms');
    expect(done).toEqual(['last']);
  });
});

describe('describeActive', () => {
  it('puts resources into words', () => {
    expect(describeActive(['TCPSocketWrap', 'TCPSocketWrap', 'Timeout', 'Odd'])).toBe(
      '2 open connections, 1 timer, 1 Odd',
    );
    expect(describeActive([])).toMatch(/nothing that Node knows of/);
  });
});
