import { afterEach, describe, expect, it } from '@jest/globals';
import { EngineWatch } from './engine-watch.ts';

const opened: EngineWatch[] = [];

function watch(patienceMs: number): { watch: EngineWatch; silence: Promise<number> } {
  let onSilence: (silentMs: number) => void = () => {};
  const silence = new Promise<number>((resolve) => {
    onSilence = resolve;
  });
  const made = new EngineWatch(patienceMs, onSilence);
  opened.push(made);
  return { watch: made, silence };
}

afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

describe('EngineWatch', () => {
  it('tells of a call that gives no sign', async () => {
    const { watch: watched, silence } = watch(50);
    // A timer keeps the process up, as the engine's own handle would; the watch itself must not.
    const keepAlive = setInterval(() => {}, 10);
    void watched.during({}, () => new Promise(() => {}));
    expect(await silence).toBeGreaterThan(50);
    clearInterval(keepAlive);
  });

  it('waits with a window whose neighbour in the batch is being worked on, and not with one of another engine', async () => {
    const { watch: watched, silence } = watch(60);
    const engine = {};
    let told = false;
    void silence.then(() => {
      told = true;
    });
    const signs = (of: object, count: number) =>
      watched.during(of, async (sign) => {
        for (let i = 0; i < count; i++) {
          sign();
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      });
    const waiting = watched.during(engine, () => new Promise(() => {}));
    await signs(engine, 20);
    expect(told).toBe(false);
    const other = signs({}, 60);
    await Promise.race([silence, waiting]);
    expect(told).toBe(true);
    await other;
  });

  it('is quiet about calls that end or give signs', async () => {
    const { watch: watched, silence } = watch(60);
    const call = watched.during({}, async (sign) => {
      for (let i = 0; i < 20; i++) {
        sign();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return 'done';
    });
    expect(await Promise.race([call, silence])).toBe('done');
    await expect(watched.during({}, async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });
});
