import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EngineWatch } from './engine-watch.ts';

const TIMEOUT_MS = 1000;
const never = () => new Promise<void>(() => {});

let watch: EngineWatch;
let silences: number[];

beforeEach(() => {
  jest.useFakeTimers();
  silences = [];
  watch = new EngineWatch(TIMEOUT_MS, (silentMs) => silences.push(silentMs));
});

afterEach(() => {
  watch.close();
  jest.useRealTimers();
});

/** A call that gives so many signs, each well within the timeout, and then ends. */
const signs = (engine: object, count: number): Promise<string> =>
  watch.during(engine, async (sign) => {
    for (let i = 0; i < count; i++) {
      sign();
      await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS / 2));
    }
    return 'done';
  });

const pass = (timeouts: number) => jest.advanceTimersByTimeAsync(timeouts * TIMEOUT_MS);

describe('EngineWatch', () => {
  it('tells of a call that gives no sign', async () => {
    void watch.during({}, never);
    await pass(0.9);
    expect(silences).toEqual([]);
    await pass(0.3);
    expect(silences[0]).toBeGreaterThan(TIMEOUT_MS);
  });

  it('waits with a window whose neighbour in the batch is being worked on, and not with one of another engine', async () => {
    const engine = {};
    void watch.during(engine, never);
    const neighbour = signs(engine, 6);
    await pass(3);
    expect(await neighbour).toBe('done');
    expect(silences).toEqual([]);
    const other = signs({}, 4);
    await pass(2);
    expect(silences).not.toEqual([]);
    expect(await other).toBe('done');
  });

  it('is quiet about calls that end or give signs', async () => {
    const call = signs({}, 20);
    await pass(10);
    expect(await call).toBe('done');
    await expect(watch.during({}, async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await pass(10);
    expect(silences).toEqual([]);
  });
});
